import { setTimeout as sleep } from 'node:timers/promises';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import { z } from 'zod';
import { resolveCase } from '../cases/run-case';
import { deleteCluster, restoreCluster } from './restored-cluster';
import { startSandboxChild, type SandboxChild } from './sandbox-child';

/**
 * The incidents of the sandbox's scenario, resolved from the lines of a real engine that reach the
 * log late and out of order; and what is there after a restore to the resolved point and to the
 * first whole second after the effect.
 */
jest.setTimeout(20 * 60_000);

const SOURCE = 'trading';
/**
 * The sandbox stamps a commit and its record when it reads them, in their order: by that much later
 * than they happened on a machine with much to do.
 */
const STAMPED_LATE_MS = 500;
/** A restore point lies up to two seconds before its effect: so long the rows are there before an incident. */
const SETTLED_MS = 3200;
const RESTORES_AT_ONCE = 3;
const ROWS: Readonly<Record<string, number>> = { 'trading.accounts': 2000, 'trading.positions': 6000 };

const played = z.object({
  statements: z.array(z.object({ sql: z.string(), sentAtMicros: z.number(), returnedAtMicros: z.number() })),
});
const resolvedSchema = z.object({
  restoreTo: z.string(),
  statement: z.object({ tables: z.array(z.string()) }),
  transaction: z.object({ kind: z.string() }),
  effect: z.object({ earliestAt: z.string(), latestAt: z.string() }),
});
const refusedSchema = z.object({
  refused: z.object({ reason: z.string(), candidates: z.array(z.object({ sql: z.string() })) }),
});

interface Resolved extends z.infer<typeof resolvedSchema> {
  /** Between these instants the server made the damage visible, by who ran it. */
  readonly sentAt: Date;
  readonly returnedAt: Date;
  /** Rows of the damaged table after a restore. */
  readonly atRestorePoint: Promise<number>;
  readonly afterwards: Promise<number>;
}

let sandbox: SandboxChild;
let source: Connection;
const environment = { ...process.env };
const resolved = new Map<string, Resolved>();
const refused = new Map<string, z.infer<typeof refusedSchema>['refused']>();
const lanes: Promise<unknown>[] = Array.from({ length: RESTORES_AT_ONCE }, () => Promise.resolve());
let restores = 0;

beforeAll(async () => {
  sandbox = await startSandboxChild(
    '--log-delay 800ms --log-jitter 600ms --log-ingestion-delay 100ms --query-duration 100ms' +
      ' --create-delay 300ms --delete-delay 100ms --restorable-lag 500ms',
  );
  Object.assign(process.env, sandbox.env);
  const [cluster] = sandbox.clusters;
  source = await connect(cluster?.endpoint, cluster?.port);
  for (const table of ['accounts', 'positions']) {
    await source.query(`CREATE TABLE trading.${table}_kept AS SELECT * FROM trading.${table}`);
  }
  await sleep(SETTLED_MS);

  await incident('delete-autocommit', 'DELETE FROM accounts');
  await incident('delete-in-transaction', 'COMMIT');
  await incident('delete-autocommit-off', 'COMMIT');
  await incident('delete-rolled-back', 'ROLLBACK');
  await incident('two-deletes', 'DELETE FROM accounts', ['DELETE FROM positions']);
});

afterAll(async () => {
  process.env = environment;
  await Promise.allSettled(lanes);
  await source.end();
  await sandbox.stop();
});

/** Lets an incident happen, resolves it, each of its parts by --pick too, and asks for the restores that prove it. */
async function incident(name: string, visibleBy: string, others: readonly string[] = []): Promise<void> {
  const since = new Date(Date.now() - 200).toISOString();
  const { statements } = played.parse(await sandbox.control('POST', `incidents/${name}`));
  // the window ends at now
  await sleep(STAMPED_LATE_MS);
  const until = new Date().toISOString();
  const resolve = (...args: string[]): Promise<object> =>
    resolveCase(['--since', since, '--until', until, ...args]);
  const answer = await resolve();
  if ('refused' in answer) refused.set(name, refusedSchema.parse(answer).refused);
  else resolved.set(name, prove(name, answer, statements, visibleBy));
  for (const [i, sql] of [visibleBy, ...others].entries()) {
    if (others.length === 0) break;
    const pick = String(i + 1);
    resolved.set(`${name} ${pick}`, prove(name, await resolve('--pick', pick), statements, sql));
  }
  await sleep(1000 + STAMPED_LATE_MS);
  for (const table of ['accounts', 'positions']) {
    await source.query(`INSERT IGNORE INTO trading.${table} SELECT * FROM trading.${table}_kept`);
  }
  await sleep(SETTLED_MS);
}

function prove(
  name: string,
  answer: object,
  statements: z.infer<typeof played>['statements'],
  visibleBy: string,
): Resolved {
  const body = resolvedSchema.parse(answer);
  const visible = statements.find(({ sql }) => sql === visibleBy);
  if (visible === undefined) throw new Error(`${name} holds no ${visibleBy}`);
  const [table = ''] = body.statement.tables;
  const afterwards = (Math.floor(Date.parse(body.effect.latestAt) / 1000) + 1) * 1000;
  return {
    ...body,
    sentAt: new Date(visible.sentAtMicros / 1000),
    returnedAt: new Date(visible.returnedAtMicros / 1000),
    atRestorePoint: rowsAfterRestore(table, new Date(body.restoreTo)),
    afterwards: rowsAfterRestore(table, new Date(afterwards)),
  };
}

/** Waits for its turn, restores the damaged source to this instant, and counts. */
function rowsAfterRestore(table: string, at: Date): Promise<number> {
  const name = `restored-${++restores}`;
  const lane = restores % RESTORES_AT_ONCE;
  const counted = (lanes[lane] ?? Promise.resolve()).then(async () => {
    const cluster = await restoreCluster(sandbox.rds, { source: SOURCE, name, at });
    const connection = await connect(cluster.Endpoint, cluster.Port);
    try {
      const [rows] = await connection.query<(RowDataPacket & { n: number })[]>(
        `SELECT COUNT(*) AS n FROM ${table}`,
      );
      return Number(rows[0]?.n);
    } finally {
      await connection.end();
      await deleteCluster(sandbox.rds, name);
    }
  });
  lanes[lane] = counted.catch(() => undefined);
  return counted;
}

function connect(host = '', port = 0): Promise<Connection> {
  const { DRILL_DB_USER: user = '', DRILL_DB_PASSWORD: password = '' } = sandbox.env;
  return mysql.createConnection({ host, port, user, password });
}

describe.each([
  ['delete-autocommit', 'autocommit', 'trading.accounts'],
  ['delete-in-transaction', 'explicit', 'trading.accounts'],
  ['delete-autocommit-off', 'explicit', 'trading.accounts'],
  ['two-deletes 1', 'autocommit', 'trading.accounts'],
  ['two-deletes 2', 'autocommit', 'trading.positions'],
])('%s', (name, kind, table) => {
  const answer = (): Resolved => {
    const found = resolved.get(name);
    if (found === undefined) throw new Error(`${name} was not resolved: ${refused.get(name)?.reason ?? ''}`);
    return found;
  };

  it('is resolved: the restore point lies before the effect, and less than two seconds before', () => {
    const { restoreTo, effect, sentAt, returnedAt, transaction, statement } = answer();
    expect({ kind: transaction.kind, tables: statement.tables }).toEqual({ kind, tables: [table] });
    const ahead = sentAt.getTime() - Date.parse(restoreTo);
    expect(ahead).toBeGreaterThan(-STAMPED_LATE_MS);
    expect(ahead).toBeLessThanOrEqual(2100);
    expect(Date.parse(restoreTo)).toBeLessThan(Date.parse(effect.earliestAt));
    expect(Date.parse(effect.earliestAt)).toBeLessThanOrEqual(returnedAt.getTime() + STAMPED_LATE_MS);
    expect(Date.parse(effect.latestAt)).toBeGreaterThanOrEqual(sentAt.getTime());
  });

  it('has its rows at the restore point, and none a second after the effect', async () => {
    const { atRestorePoint, afterwards } = answer();
    expect([table, await atRestorePoint, await afterwards]).toEqual([table, ROWS[table], 0]);
  });
});

test.each([
  ['delete-rolled-back', 'rolled-back', ['DELETE FROM accounts']],
  ['two-deletes', 'ambiguous', ['DELETE FROM accounts', 'DELETE FROM positions']],
])('%s is refused as %s', (name, reason, candidates) => {
  expect(refused.get(name)).toMatchObject({ reason, candidates: candidates.map((sql) => ({ sql })) });
});
