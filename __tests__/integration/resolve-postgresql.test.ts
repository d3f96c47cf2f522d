import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { z } from 'zod';
import { resolveCase } from '../cases/run-case';
import { restoreCluster } from './restored-cluster';
import { startSandboxChild, type SandboxChild } from './sandbox-child';

/**
 * The incidents of the sandbox's scenario on PostgreSQL, resolved from pgaudit's lines as they reach
 * the log late and out of order; and what a restore to the resolved point really holds.
 */
jest.setTimeout(20 * 60_000);

/** A restore point lies up to two seconds before its effect: so long the rows are there before an incident. */
const SETTLED_MS = 3200;

const played = z.object({
  statements: z.array(z.object({ sql: z.string(), sentAtMicros: z.number(), affectedRows: z.number() })),
});
const resolvedSchema = z.object({
  restoreTo: z.string(),
  effect: z.object({ earliestAt: z.string(), latestAt: z.string() }),
});

let sandbox: SandboxChild;
let source: Client;
const environment = { ...process.env };
const answers = new Map<string, object>();
const truths = new Map<string, z.infer<typeof played>['statements']>();
/** Rows after a restore to the point that `delete-in-transaction` resolved to, and to the second after its effect. */
let atRestorePoint: Promise<number>;
let afterwards: Promise<number>;

beforeAll(async () => {
  sandbox = await startSandboxChild(
    '--engine aurora-postgresql --log-delay 800ms --log-jitter 600ms --log-ingestion-delay 100ms' +
      ' --query-duration 100ms --create-delay 300ms --delete-delay 100ms --restorable-lag 500ms',
  );
  Object.assign(process.env, sandbox.env);
  const [cluster] = sandbox.clusters;
  source = await connect(cluster?.endpoint, cluster?.port);
  for (const table of TABLES) await source.query(`CREATE TABLE ${table}_kept AS SELECT * FROM ${table}`);
  await sleep(SETTLED_MS);

  const { restoreTo, effect } = resolvedSchema.parse(await incident('delete-in-transaction'));
  atRestorePoint = accountsAfterRestore('at-restore-point', new Date(restoreTo));
  const damaged = new Date(Math.ceil((Date.parse(effect.latestAt) + 50) / 1000) * 1000);
  afterwards = accountsAfterRestore('afterwards', damaged);
  await Promise.all([atRestorePoint, afterwards]);
  await incident('delete-autocommit');
  await incident('delete-rolled-back');
  await incident('delete-in-cte');
  await incident('two-deletes');
});

afterAll(async () => {
  process.env = environment;
  await source.end();
  await sandbox.stop();
});

const TABLES = ['accounts', 'positions'];

/** Lets an incident happen, resolves it from the log, and puts the rows back. */
async function incident(name: string): Promise<object> {
  const since = new Date(Math.floor(Date.now() / 1000) * 1000).toISOString();
  truths.set(name, played.parse(await sandbox.control('POST', `incidents/${name}`)).statements);
  await sleep(100);
  const answer = await resolveCase(['--since', since, '--until', new Date().toISOString()]);
  answers.set(name, answer);
  // past the second in which the log's stamps cannot tell the effect from what follows
  await sleep(1100);
  for (const table of TABLES) {
    await source.query(`INSERT INTO ${table} SELECT * FROM ${table}_kept ON CONFLICT DO NOTHING`);
  }
  await sleep(SETTLED_MS);
  return answer;
}

async function accountsAfterRestore(name: string, at: Date): Promise<number> {
  const cluster = await restoreCluster(sandbox.rds, { source: 'trading', name, at });
  const session = await connect(cluster.Endpoint, cluster.Port);
  const { rows } = await session.query<{ n: string }>('SELECT count(*) AS n FROM accounts');
  await session.end();
  return Number(rows[0]?.n);
}

async function connect(host = '', port = 0): Promise<Client> {
  const { DRILL_DB_USER: user = '', DRILL_DB_PASSWORD: password = '' } = sandbox.env;
  const session = new Client({ host, port, user, password, database: 'trading' });
  // the sandbox ends its servers before this session
  session.on('error', () => undefined);
  await session.connect();
  return session;
}

test.each([
  ['delete-in-transaction', 'explicit', 'COMMIT'],
  ['delete-autocommit', 'autocommit', 'DELETE FROM accounts'],
])('%s is resolved to a point less than two seconds before its effect', (name, kind, visibleBy) => {
  const answer = answers.get(name);
  expect(answer).toMatchObject({
    dialect: 'pgaudit',
    statement: { kind: 'delete-without-where', user: 'intern', tables: ['trading.accounts'] },
    transaction: { kind },
  });
  const { restoreTo, effect } = resolvedSchema.parse(answer);
  const sentAt = (truths.get(name)?.find(({ sql }) => sql === visibleBy)?.sentAtMicros ?? 0) / 1000;
  expect(sentAt - Date.parse(restoreTo)).toBeGreaterThan(0);
  expect(sentAt - Date.parse(restoreTo)).toBeLessThanOrEqual(2100);
  expect(Date.parse(effect.latestAt)).toBeGreaterThanOrEqual(sentAt);
});

test('the rows are there at the restore point, and gone a second after the effect', async () => {
  expect(await atRestorePoint).toBe(2000);
  expect(await afterwards).toBe(0);
});

test.each([
  ['delete-rolled-back', 'rolled-back'],
  ['two-deletes', 'ambiguous'],
])('%s is refused as %s', (name, reason) => {
  expect(answers.get(name)).toMatchObject({ refused: { reason } });
});

test('a DELETE within a SELECT is not in the log, and no point is made up for it', () => {
  expect(truths.get('delete-in-cte')?.at(-1)?.sql).toMatch(/^WITH gone AS/);
  expect(answers.get('delete-in-cte')).toMatchObject({
    refused: { reason: 'nothing-found', hint: expect.stringContaining('DELETE inside a SELECT') as unknown },
  });
});
