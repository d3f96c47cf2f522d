import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditRecord } from '../../lib/audit/audit-record';
import { pgaudit } from '../../lib/audit/pgaudit';
import type { AuditLine } from '../../sandbox/engines/database-cluster';
import type { PostgresCluster } from '../../sandbox/engines/postgresql/cluster';
import { openWorkspace } from '../../sandbox/engines/workspace';
import { PostgresBench } from '../sandbox/engines/postgresql/postgres-bench';

jest.setTimeout(20 * 60_000);

let bench: PostgresBench;
beforeAll(async () => {
  bench = await PostgresBench.open();
}, 10 * 60_000);
afterAll(() => bench.close(), 60_000);

const COMMITTED = '(extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000000)::bigint';
const count = async (cluster: PostgresCluster, table: string): Promise<number> =>
  Number((await bench.rows(cluster, `SELECT count(*) AS n FROM ${table}`))[0]?.['n']);

async function untilRestorable(cluster: PostgresCluster, at: number): Promise<void> {
  while (cluster.latestRestorableAt() < at) await sleep(10);
}

test('a restore cuts exactly at the commit of a long DELETE while other sessions commit', async () => {
  const source = await bench.create('incident');
  const session = await bench.connect(source);
  await session.query('CREATE TABLE accounts (id int PRIMARY KEY)');
  await session.query('CREATE TABLE orders (id int PRIMARY KEY)');
  await session.query('CREATE TABLE deletions (id int PRIMARY KEY)');
  await session.query('INSERT INTO accounts SELECT generate_series(1, 3000)');
  await source.takeBaseBackup();

  let goOn = true;
  const writers = [1, 1_000_000].map(async (first) => {
    const writer = await bench.connect(source);
    for (let id = first; goOn; id++) await writer.query('INSERT INTO orders VALUES ($1)', [id]);
  });
  const deleter = await bench.connect(source);
  await deleter.query('BEGIN');
  await deleter.query('DELETE FROM accounts');
  // a row that is there from the same COMMIT on tells when that was
  await deleter.query('INSERT INTO deletions VALUES (1)');
  await sleep(1500);
  await deleter.query('COMMIT');
  await sleep(300);
  goOn = false;
  await Promise.all(writers);
  const [deletion] = await bench.rows(source, `SELECT ${COMMITTED} AS at FROM deletions`);
  const committedAt = Number(deletion?.['at']);
  const orders = await bench.rows(source, `SELECT id, ${COMMITTED} AS at FROM orders ORDER BY id`);
  const until = (at: number): unknown[] =>
    orders.filter((row) => Number(row['at']) <= at).map((row) => row['id']);
  await untilRestorable(source, committedAt);

  const [unharmed, harmed] = await Promise.all([
    bench.restore(source, committedAt - 1, 'before'),
    bench.restore(source, committedAt, 'at'),
  ]);

  expect(await count(unharmed, 'accounts')).toBe(3000);
  expect(await count(harmed, 'accounts')).toBe(0);
  for (const [restored, at] of [
    [unharmed, committedAt - 1],
    [harmed, committedAt],
  ] as const) {
    const rows = await bench.rows(restored, 'SELECT id FROM orders ORDER BY id');
    expect(rows.map((row) => row['id'])).toEqual(until(at));
  }
  expect(until(committedAt).length).toBeLessThan(orders.length);
});

test('a restored cluster has a history of its own, and so has one that moved or was stopped', async () => {
  const source = await bench.create('first');
  const session = await bench.connect(source);
  await session.query('CREATE TABLE steps (n serial PRIMARY KEY, step text)');
  await session.query(`INSERT INTO steps (step) VALUES ('source')`);
  await sleep(5);
  const at = Date.now() * 1000;
  await untilRestorable(source, at);
  await session.query('DROP TABLE steps');

  const restored = await bench.restore(source, at, 'second');
  await bench.rows(restored, `INSERT INTO steps (step) VALUES ('restored')`);
  await sleep(5);
  const later = Date.now() * 1000;
  await untilRestorable(restored, later);
  await bench.rows(restored, `DELETE FROM steps`);
  await restored.moveTo({ ...restored.address, host: '127.1.2.3' });
  await bench.rows(restored, `INSERT INTO steps (step) VALUES ('moved')`);
  await restored.stop();
  const end = Date.now() * 1000;
  await untilRestorable(restored, end);

  const steps = async (cluster: PostgresCluster): Promise<unknown[]> =>
    (await bench.rows(cluster, 'SELECT step FROM steps ORDER BY n')).map(({ step }) => step);
  const third = await bench.restore(restored, later, 'third');
  expect(await steps(third)).toEqual(['source', 'restored']);
  // nothing committed after the end
  expect(await steps(await bench.restore(restored, end, 'fourth'))).toEqual(['moved']);
  await expect(restored.restoreTo(at, bench.directory('fifth'), third.address)).rejects.toThrow(
    'cannot restore to',
  );
  expect(existsSync(bench.directory('fifth'))).toBe(false);
});

test('its log says what resolve needs to know, and nothing of a DELETE that hides in a SELECT', async () => {
  const source = await bench.create('audited');
  const lines: AuditLine[] = [];
  source.onAuditLine((line) => lines.push(line));
  const session = await bench.connect(source);
  await session.query('CREATE TABLE accounts (id int PRIMARY KEY, "na,me" text)');
  await session.query('BEGIN');
  await session.query(`DELETE FROM accounts\nWHERE "na,me" = 'a "b", c'\n   OR true`);
  await session.query('WITH gone AS (DELETE FROM accounts RETURNING id) SELECT count(*) FROM gone');
  await session.query('COMMIT');
  await expect(session.query('INSERT INTO accounts VALUES (NULL)')).rejects.toThrow('null value');
  await session.end();
  await sleep(200);

  const records = lines
    .map(({ text }) => pgaudit.parse({ text, recordedAt: null, stream: 'trading-1' }))
    .filter((each): each is AuditRecord => typeof each === 'object' && each.user === 'admin');

  expect(records.map(({ event, object }) => [event, object])).toEqual([
    ['connect', ''],
    ['statement', 'CREATE TABLE accounts (id int PRIMARY KEY, "na,me" text)'],
    ['statement', 'CREATE TABLE accounts (id int PRIMARY KEY, "na,me" text)'],
    ['statement', 'BEGIN'],
    ['statement', `DELETE FROM accounts\nWHERE "na,me" = 'a "b", c'\n   OR true`],
    ['statement', 'COMMIT'],
    ['statement', 'INSERT INTO accounts VALUES (NULL)'],
    ['error', ''],
    ['error', 'INSERT INTO accounts VALUES (NULL)'],
    ['disconnect', ''],
  ]);
  expect(new Set(records.map(({ connectionId }) => connectionId)).size).toBe(1);
  expect(lines.every(({ text, writtenAt }) => Date.parse(`${text.slice(0, 19)}Z`) * 1000 <= writtenAt)).toBe(
    true,
  );
  expect(
    lines
      .map(({ text }) => text)
      .filter((text) => pgaudit.parse({ text, recordedAt: null, stream: '' }) === 'unparsed'),
  ).toEqual([]);
});

test('the master user is no superuser, and may read and write everything of the application', async () => {
  const source = await bench.create('rights');
  const session = await bench.connect(source);
  await session.query('CREATE ROLE app LOGIN');
  await session.query('CREATE TABLE t (id int)');

  await expect(session.query(`ALTER SYSTEM SET fsync = 'on'`)).rejects.toThrow('permission denied');
  await expect(session.query(`ALTER ROLE rdsadmin PASSWORD 'mine'`)).rejects.toThrow('must be superuser');
  await expect(session.query(`COPY t FROM PROGRAM 'id'`)).rejects.toThrow(
    /permission denied|must be superuser/,
  );
  await source.setMasterPassword('admin', `it's another`);
  await expect(bench.connect(source)).rejects.toThrow('password authentication failed');
});

describe('when the process that started it is killed', () => {
  let parent: string;
  let victim: ChildProcess | undefined;
  beforeEach(() => {
    parent = mkdtempSync(path.join(tmpdir(), 'postgresql-isolation-'));
  });
  afterEach(() => {
    victim?.kill('SIGKILL');
    rmSync(parent, { recursive: true, force: true, maxRetries: 5 });
  });

  test('a server is gone with all its processes, and the next run sweeps what it left', async () => {
    const unpacked = path.join(process.cwd(), '.sandbox/engines');
    if (existsSync(unpacked)) {
      cpSync(unpacked, path.join(parent, '.sandbox/engines'), {
        recursive: true,
        filter: (source) => !/^(unfinished|template|mariadb)-/.test(path.basename(source)),
      });
    }
    const program = path.join(process.cwd(), '__tests__/sandbox/engines/postgresql/run-until-killed.ts');
    victim = spawn(process.execPath, ['--import', 'tsx', program, parent], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [chunk] = (await once(victim.stdout ?? victim, 'data')) as [Buffer];
    const directory = chunk.toString('utf8').trim();
    const server = Number(readFileSync(path.join(directory, 'data/postmaster.pid'), 'utf8').split('\n')[0]);
    const processes = [server, ...childrenOf(server)];
    expect(processes.length).toBeGreaterThan(3);
    expect(processes.map(uidOf)).not.toContain('0');

    victim.kill('SIGKILL');
    while (processes.some(lives)) await sleep(20);

    const workspace = await openWorkspace(parent);
    expect(existsSync(path.dirname(directory))).toBe(false);
    await workspace.close();
  });
});

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
}

function uidOf(pid: number): string | undefined {
  return /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
}

/** Neither gone nor dead with nobody yet to hear of it. */
function lives(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
