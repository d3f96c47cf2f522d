import { setTimeout as sleep } from 'node:timers/promises';
import { nowMicros, type TrueIncident, type TrueStatement } from './ground-truth';
import type { Incident, IncidentSession } from './incidents';
import type { Session } from './session';
import type { TradingUser } from './trading-database';

/** Plays the sessions of an incident side by side, each on a connection of its own, and tells what really happened. */
export async function playIncident(
  name: string,
  incident: Incident,
  connect: (user: TradingUser) => Promise<Session>,
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
  connect: (user: TradingUser) => Promise<Session>,
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
      const { affectedRows } = await connection.query(step.sql);
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

async function countAccounts(connect: (user: TradingUser) => Promise<Session>): Promise<number> {
  const connection = await connect('trading_app');
  try {
    const { rows } = await connection.query('SELECT COUNT(*) AS n FROM accounts');
    return Number(rows[0]?.['n']);
  } finally {
    await connection.end();
  }
}
