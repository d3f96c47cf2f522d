import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { nowMicros, type TrueIncident, type TrueStatement } from './ground-truth';
import type { Incident, IncidentSession } from './incidents';
import type { TradingUser } from './trading-database';

/** Plays the sessions of an incident side by side, each on a connection of its own, and tells what really happened. */
export async function playIncident(
  name: string,
  incident: Incident,
  connect: (user: TradingUser) => Promise<Connection>,
): Promise<TrueIncident> {
  const accountsBefore = await countAccounts(connect);
  const played = await Promise.all(
    incident.sessions.map((session, index) => playSession(session, index, connect)),
  );
  const statements = played.flat().sort((a, b) => a.sentAtMicros - b.sentAtMicros);
  return { name, title: incident.title, accountsBefore, statements };
}

async function playSession(
  { user, steps }: IncidentSession,
  session: number,
  connect: (user: TradingUser) => Promise<Connection>,
): Promise<TrueStatement[]> {
  const connection = await connect(user);
  const statements: TrueStatement[] = [];
  try {
    for (const step of steps) {
      if ('pauseMs' in step) {
        await sleep(step.pauseMs);
        continue;
      }
      const sentAtMicros = nowMicros();
      const [result] = await connection.query<ResultSetHeader | RowDataPacket[]>(step.sql);
      const affectedRows = 'affectedRows' in result ? result.affectedRows : 0;
      statements.push({
        session,
        user,
        sql: step.sql,
        sentAtMicros,
        returnedAtMicros: nowMicros(),
        affectedRows,
      });
    }
  } finally {
    await connection.end();
  }
  return statements;
}

async function countAccounts(connect: (user: TradingUser) => Promise<Connection>): Promise<number> {
  const connection = await connect('trading_app');
  try {
    const [rows] = await connection.query<(RowDataPacket & { n: number })[]>(
      'SELECT COUNT(*) AS n FROM accounts',
    );
    return rows[0]?.n ?? 0;
  } finally {
    await connection.end();
  }
}
