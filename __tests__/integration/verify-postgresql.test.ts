import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Incident } from '../../lib/artefacts/incident';
import type { CheckResult } from '../../lib/artefacts/verification';
import { valueOf } from '../../lib/errors';
import { epochMicros, type EpochMicros } from '../../lib/time';
import { openPostgres as openSession, type PostgresAddress } from '../../lib/verify/postgresql';
import { prepareContext } from '../../lib/verify/prepare-context';
import { CHECKS, runChecks, verdictOf } from '../../lib/verify/run-checks';
import type { OpenDatabase, SessionOptions } from '../../lib/verify/server';
import { wallTimeOf } from '../../lib/verify/wall-time';
import { allocateAddress } from '../../sandbox/engines/addresses';
import type { Address, DatabaseCluster } from '../../sandbox/engines/database-cluster';
import { openPostgres } from '../../sandbox/engines/postgresql/engine';
import { openWorkspace, type Workspace } from '../../sandbox/engines/workspace';
import { seedTradingDatabase } from '../../sandbox/scenario/trading-database';
import { CHECK_SETTINGS, earlyInSecond, incidentOf } from './incident-of';

const MASTER = { user: 'admin', password: 'not-a-secret-at-all' };
const SECOND = 1_000_000;

jest.setTimeout(20 * 60_000);

/** Keys and values of every kind that must survive the comparison, in more rows than are compared at once; and objects of every kind. */
const ODDITIES = [
  'CREATE SCHEMA "Odd ""one"""',
  `CREATE DOMAIN positive AS numeric CHECK (VALUE > 0)`,
  `CREATE TABLE "Odd ""one"""."is it?" (
     id bigint, code bytea, "tag?" varchar(20), day date, span interval, at timestamptz, mood order_side,
     payload jsonb, flags bit varying, amount positive, ratio double precision, shape point, ids integer[],
     wall timestamp, note text, twice numeric GENERATED ALWAYS AS (amount * 2) STORED,
     number serial, CHECK (id > 0),
     PRIMARY KEY (id, code, "tag?", day, span, at, mood))`,
  `INSERT INTO "Odd ""one"""."is it?"
   SELECT 9223372036854775807 - id / 7, decode(lpad(to_hex(id), 8, '0') || '002700', 'hex'), 'Ä''\\' || id, '2026-01-02',
          id * interval '1 month 2 days 3.5 seconds', '2026-01-02 03:04:05.678901+02', 'buy',
          '{"a": [1, null]}', id::bit(12), id / 3.0, id / 7.0, point(id, 1), ARRAY[id, NULL], '2026-01-02 03:04:05', 'Zürich'
   FROM orders`,
  `CREATE TABLE "Odd ""one""".parts (id integer, place text, PRIMARY KEY (id, place)) PARTITION BY LIST (place)`,
  `CREATE TABLE "Odd ""one""".parts_ch PARTITION OF "Odd ""one""".parts FOR VALUES IN ('ch')`,
  `INSERT INTO "Odd ""one""".parts SELECT n, 'ch' FROM generate_series(1, 50) n`,
  'CREATE TABLE regions (code char(2) PRIMARY KEY, name varchar(40), area double precision)',
  `INSERT INTO regions VALUES ('ch', 'Schweiz', 41285.5), ('is', NULL, 103000)`,
  'CREATE TABLE audit_notes (note varchar(40))',
  `INSERT INTO audit_notes VALUES ('a'), ('a'), ('b')`,
  'CREATE MATERIALIZED VIEW holdings AS SELECT symbol, sum(quantity) FROM positions GROUP BY symbol',
  'CREATE UNIQUE INDEX ON regions (lower(name)) WHERE area > 0',
  'ALTER TABLE regions ENABLE ROW LEVEL SECURITY',
  'CREATE POLICY everyone ON regions USING (true)',
  `CREATE TYPE colour AS ENUM ('red')`,
  'CREATE SCHEMA archive',
  'CREATE SCHEMA drafts',
  ...['sessions', 'coupons', 'tariffs', 'limits', 'archive.trades'].flatMap((table) => [
    `CREATE TABLE ${table} (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, value integer NOT NULL)`,
    `INSERT INTO ${table} (value) SELECT id FROM accounts LIMIT 300`,
  ]),
];

let workspace: Workspace;
let source: DatabaseCluster;
/** The greatest whole second before the COMMIT of the DELETE. */
let restoreTo: EpochMicros;
const clusters: DatabaseCluster[] = [];
let stopWriting: (() => Promise<void>) | undefined;

beforeAll(async () => {
  workspace = await openWorkspace(process.cwd());
  const engine = await openPostgres(workspace);
  source = await engine.createCluster({
    directory: path.join(workspace.runDirectory, 'source'),
    address: await allocateAddress(),
    masterUsername: MASTER.user,
    masterPassword: MASTER.password,
  });
  clusters.push(source);
  await source.start('trading-1');
  await seedTradingDatabase(
    { engine: 'aurora-postgresql', ...source.address, ...MASTER },
    { trading_app: 'a', settlement: 'b', backoffice: 'c', intern: 'd' },
  );
  await runAll(source, ['CREATE DATABASE elsewhere', ...ODDITIES]);
  await source.takeBaseBackup();
  stopWriting = startWriting(source);
  await sleep(7000);
  await withSession(source, async (session) => {
    await session.query('BEGIN');
    await session.query('DELETE FROM accounts');
    await sleep(800);
    await earlyInSecond();
    const beforeCommit = Date.now() * 1000;
    await session.query('COMMIT');
    restoreTo = epochMicros((Math.ceil(beforeCommit / SECOND) - 1) * SECOND);
  });
  await sleep(1200);
  await runAll(source, [
    'TRUNCATE TABLE sessions',
    'INSERT INTO sessions (id, value) OVERRIDING SYSTEM VALUE SELECT 1000 + id, 0 FROM orders LIMIT 400',
    'DROP TABLE coupons',
    'DROP SCHEMA archive CASCADE',
    'ALTER TABLE limits DROP COLUMN value',
    'UPDATE tariffs SET value = 0',
    'UPDATE tariffs SET value = 7000 WHERE id < 20',
  ]);
  await sleep(2500);
});

afterAll(async () => {
  await stopWriting?.();
  await Promise.all(clusters.map((cluster) => cluster.destroy()));
  await workspace.close();
});

test('a cluster that was restored to the restore point passes every check', async () => {
  const restored = await restoreAt(restoreTo);

  const { results, notSeen } = await verify(restored, restoreTo);

  expect(results.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  expect(results).toHaveLength(CHECKS.length);
  expect(verdictOf(results)).toBe('pass');
  expect(evidenceOf(results, 'damage-absent')).toBe(
    'public.accounts: 2,000 rows restored, 0 rows on the source',
  );
  expect(notSeen[0]).toBe(
    "other databases of the cluster (elsewhere, postgres): only 'trading' was looked at",
  );
});

test('without the source it passes by what the restored cluster shows alone', async () => {
  const { results } = await verify(await restoreAt(restoreTo), restoreTo, 'without source');

  expect(verdictOf(results)).toBe('pass');
  expect(withVerdict(results, 'not-applicable')).toEqual([
    'schema-objects',
    'row-counts',
    'row-contents',
    'users-and-grants',
  ]);
});

test('a cluster that was restored to a second later, with the damage, fails for the damage and for the time', async () => {
  const { results } = await verify(await restoreAt(epochMicros(restoreTo + SECOND)), restoreTo);

  expect(withVerdict(results, 'fail')).toEqual(['damage-absent', 'restore-point']);
  expect(evidenceOf(results, 'damage-absent')).toContain('the damage is included');
  expect(evidenceOf(results, 'restore-point')).toMatch(
    /public[.]orders[.]placed_at: \d+ rows from after the restore point .* restored to a later time/,
  );
});

test('a cluster that was restored to a second earlier fails for the time', async () => {
  const { results } = await verify(await restoreAt(epochMicros(restoreTo - SECOND)), restoreTo);

  expect(withVerdict(results, 'fail')).toEqual(['restore-point']);
  expect(evidenceOf(results, 'restore-point')).toMatch(
    /public[.]orders[.]placed_at: .* but the source has \d+ rows after that .* restored to an earlier time/,
  );
});

describe('an incident of another kind passes where its rows are back, and fails where the restore has the damage:', () => {
  let right: DatabaseCluster;
  let damaged: DatabaseCluster;

  beforeAll(async () => {
    const afterwards = epochMicros(restoreTo + 4 * SECOND);
    while (source.latestRestorableAt() < afterwards) await sleep(100);
    right = await restoreAt(restoreTo);
    damaged = await restoreAt(afterwards);
  });

  test.each<Damage>([
    {
      statement: { kind: 'truncate', sql: 'TRUNCATE TABLE sessions', tables: ['trading.sessions'] },
      back: 'public.sessions: 300 rows restored, 400 rows on the source; the source lacks 300 of the first 300 restored',
      gone: /^public[.]sessions: 400 rows restored, 400 rows on the source, which has each of the first 400/,
    },
    {
      statement: { kind: 'drop', sql: 'DROP TABLE coupons', tables: ['trading.coupons'] },
      back: 'public.coupons: 300 rows restored, no such table on the source any more',
      gone: /^public[.]coupons: does not exist on the restored side$/,
    },
    {
      statement: { kind: 'drop', sql: 'DROP SCHEMA archive CASCADE', tables: ['trading.archive'] },
      back: 'database archive: 1 table restored, 0 tables on the source',
      gone: /^database archive: 0 tables restored, 0 tables on the source$/,
    },
    {
      statement: { kind: 'drop', sql: 'ALTER TABLE limits DROP COLUMN value', tables: ['public.limits'] },
      back: 'public.limits: 300 rows restored, 300 rows on the source, which has 1 column fewer',
      gone: /^public[.]limits: 300 rows restored, 300 rows on the source, which has each of the first 300/,
    },
    {
      statement: { kind: 'update-without-where', sql: 'UPDATE tariffs SET value = ?', tables: ['tariffs'] },
      back: 'public.tariffs: 300 rows restored, 300 rows on the source; of 300 rows on both sides 300 differ',
      gone: /^public[.]tariffs: .* of 300 rows on both sides 0 differ: the damage is included$/,
    },
  ])('$statement.sql', async ({ statement, back, gone }) => {
    const { results } = await verify(right, restoreTo, 'both', statement);
    expect(evidenceOf(results, 'damage-absent')).toBe(back);
    expect(results.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);

    const { results: wrong } = await verify(damaged, restoreTo, 'both', statement);
    expect(evidenceOf(wrong, 'damage-absent')).toMatch(gone);
    expect(withVerdict(wrong, 'fail')).toContain('damage-absent');
  });
});

describe('a cluster that was restored to the restore point and is wrong in one thing', () => {
  let restored: DatabaseCluster;
  let copies = 0;

  beforeAll(async () => {
    restored = await restoreAt(restoreTo);
  });

  test.each<Wrong>([
    {
      wrong: 'the damage is there',
      by: ['DELETE FROM accounts'],
      fails: { 'damage-absent': 'public.accounts: empty on the restored side: the damage is included' },
    },
    {
      wrong: 'a table that is written all the time is empty',
      by: ['DELETE FROM positions'],
      fails: {
        'row-counts': /^public[.]positions: 0 rows restored, 6,000 rows on the source: empty/,
        'row-contents': /^public[.]positions: .* of the source from before the restore point are missing$/,
      },
    },
    {
      wrong: 'an order of the last minute is missing',
      by: [
        "DELETE FROM orders WHERE id = (SELECT max(id) FROM orders WHERE placed_at < timestamp '$point' - interval '6 seconds')",
      ],
      fails: {
        'restore-point':
          /^public[.]orders[.]placed_at: of the .* rows .* last minute before the restore point, 1 are missing$/,
        'row-contents': /^public[.]orders: .*: 1 row of the source from before the restore point is missing$/,
      },
    },
    {
      wrong: 'a row of a table without a clock is missing',
      by: [`DELETE FROM "Odd ""one"""."is it?" WHERE number = 1234`],
      fails: {
        'row-contents': /[.]is it[?]: .*: 1 row of the source from before the restore point is missing$/,
      },
    },
    {
      wrong: 'a value is the empty text instead of NULL',
      by: ["UPDATE regions SET name = '' WHERE code = 'is'"],
      fails: {
        'restore-point': /^public[.]regions[.]xmin: 1 row from after the restore point/,
        'row-contents': /^public[.]regions: .*: 1 row that the source has not changed since .* differs$/,
      },
    },
    {
      wrong: 'numbering begins again',
      by: ['ALTER SEQUENCE orders_id_seq RESTART WITH 17'],
      fails: { 'auto-increment': /^public[.]orders: the next number is 17, but \d+ is taken$/ },
    },
    {
      wrong: 'an index is missing',
      by: ['DROP INDEX accounts_by_email'],
      fails: { 'schema-objects': 'index public.accounts.accounts_by_email is missing' },
    },
    {
      wrong: 'an index holds other rows',
      by: ['DROP INDEX regions_lower_idx', 'CREATE UNIQUE INDEX regions_lower_idx ON regions (lower(name))'],
      fails: { 'schema-objects': 'index public.regions.regions_lower_idx is defined differently' },
    },
    {
      wrong: 'a column may be NULL',
      by: ['ALTER TABLE accounts ALTER holder DROP NOT NULL'],
      fails: { 'schema-objects': 'column public.accounts.holder is defined differently' },
    },
    {
      wrong: 'a procedure, a trigger, a type and a policy are not what they were',
      by: [
        'DROP PROCEDURE deposit',
        'ALTER TABLE accounts DISABLE TRIGGER stamp_update',
        `ALTER TYPE colour ADD VALUE 'blue'`,
        'ALTER POLICY everyone ON regions USING (area > 0)',
      ],
      fails: {
        'schema-objects': 'procedure public.deposit(IN account integer, IN amount numeric) is missing',
      },
      more: [
        'trigger public.accounts.stamp_update is defined differently',
        'type public.colour is defined differently',
        'policy public.regions.everyone is defined differently',
      ],
    },
    {
      wrong:
        'a schema is missing, rows go with their parent, a table is not secured, and a name sorts otherwise',
      by: [
        'DROP SCHEMA drafts',
        'ALTER TABLE orders DROP CONSTRAINT orders_symbol_fkey',
        'ALTER TABLE orders ADD FOREIGN KEY (symbol) REFERENCES instruments ON DELETE CASCADE',
        'ALTER TABLE regions DISABLE ROW LEVEL SECURITY',
        'ALTER TABLE accounts ALTER holder TYPE varchar(80) COLLATE "C"',
      ],
      fails: { 'schema-objects': /is (missing|defined differently)$/ },
      more: [
        'table public.regions is defined differently',
        'column public.accounts.holder is defined differently',
        'foreign key public.orders.orders_symbol_fkey is defined differently',
        'schema drafts is missing',
      ],
    },
    {
      wrong: 'a row refers to one that is missing',
      by: [
        'ALTER TABLE orders DROP CONSTRAINT orders_symbol_fkey',
        'ALTER TABLE positions DROP CONSTRAINT positions_symbol_fkey',
        "DELETE FROM instruments WHERE symbol = 'TSM'",
        'ALTER TABLE orders ADD FOREIGN KEY (symbol) REFERENCES instruments NOT VALID',
        'ALTER TABLE positions ADD FOREIGN KEY (symbol) REFERENCES instruments NOT VALID',
      ],
      fails: {
        'schema-objects': 'foreign key public.orders.orders_symbol_fkey is defined differently',
        'row-contents':
          /^public[.]instruments: .*: 1 row of the source from before the restore point is missing$/,
        'foreign-keys': /^public[.]orders[.]orders_symbol_fkey: [\d,]+ rows without parent, 0 on the source$/,
      },
    },
    {
      wrong: 'a user has fewer grants',
      by: ['REVOKE DELETE ON orders FROM intern'],
      fails: { 'users-and-grants': /^intern has other grants: changed since/ },
    },
    {
      wrong: 'a user is missing',
      by: ['CREATE ROLE other', 'ALTER ROLE settlement RENAME TO settler'],
      undoneBy: ['ALTER ROLE settler RENAME TO settlement'],
      fails: { 'users-and-grants': /^settlement does not exist: made since/ },
    },
    {
      // the last one: no two passwords are kept alike, not even the same
      wrong: 'a user has another password',
      by: [`ALTER ROLE settlement PASSWORD 'another'`],
      fails: { 'users-and-grants': /^settlement has another password: changed since/ },
    },
  ])('fails where $wrong, and says so', async ({ by, undoneBy = [], fails, more = [] }) => {
    // copied page by page: each row keeps the transaction that wrote it
    const name = `copy_${++copies}`;
    await runAll(restored, [`CREATE DATABASE ${name} TEMPLATE trading`], 'postgres');
    const point = wallTimeOf(restoreTo, 0);
    await runAll(
      restored,
      by.map((sql) => sql.replace('$point', point)),
      name,
    );

    const { results } = await verify(restored, restoreTo, 'both', {}, name);
    await runAll(restored, undoneBy, name);

    expect(withVerdict(results, 'fail')).toEqual(Object.keys(fails));
    expect(verdictOf(results)).toBe('fail');
    for (const [check, evidence] of Object.entries(fails)) {
      const all = results.find(({ name: each }) => each === check)?.evidence ?? [];
      expect(all[0]).toMatch(evidence);
      expect(all).toEqual(expect.arrayContaining(more) as unknown);
    }
  });
});

test('the sessions of a verification cannot write, and a long statement is ended by the server', async () => {
  const database = await openOn('source', source.address, 'trading', 200);

  await expect(database.query('DELETE FROM regions')).rejects.toMatchObject({
    side: 'source',
    code: 'read_only_sql_transaction',
  });
  await expect(database.query('SELECT pg_sleep(20)')).rejects.toMatchObject({ code: 'query_canceled' });
  await expect(database.query('SELECT 1 AS one')).resolves.toEqual([{ one: '1' }]);
  await database.close();
});

test('rows that a policy hides from this user are not taken for missing', async () => {
  const options = { user: 'intern', password: 'd', ...SESSION };
  const address = { side: 'source', ...source.address, database: 'trading' } as const;
  await runAll(source, ['GRANT SELECT ON regions TO intern']);
  const database = valueOf(await openSession(address, options));

  await expect(database.query('SELECT * FROM regions')).rejects.toMatchObject({
    code: 'insufficient_privilege',
  });
  await database.close();
});

test.each<[string, Partial<SessionOptions>, Partial<PostgresAddress>, string, string]>([
  ['a wrong password', { password: 'wrong' }, {}, 'access-denied', 'DRILL_DB_PASSWORD'],
  ['a database that is not there', {}, { database: 'nothing' }, 'no-such-database', '--database'],
  ['a server that is not there', {}, { port: 1 }, 'cannot-connect', '--no-source'],
  ['a server without TLS', { tls: { kind: 'verified', ca: [] } }, {}, 'tls-not-verified', 'DRILL_DB_CA'],
])('%s is refused with a next step', async (_what, options, address, reason, says) => {
  const outcome = await openSession(
    { side: 'source', ...source.address, database: 'trading', ...address },
    { ...MASTER, ...SESSION, ...options },
  );

  expect(outcome).toMatchObject({
    ok: false,
    refusal: { reason, hint: expect.stringContaining(says) as unknown },
  });
});

const SESSION = { tls: { kind: 'none' }, connectTimeoutMs: 5000, statementTimeoutMs: 30_000 } as const;

interface Damage {
  readonly statement: Partial<Incident['statement']>;
  readonly back: string;
  readonly gone: RegExp;
}

interface Wrong {
  readonly wrong: string;
  readonly by: readonly string[];
  /** For what is not of the database alone. */
  readonly undoneBy?: readonly string[];
  /** The checks that fail, in their order, each with its first evidence. */
  readonly fails: Readonly<Record<string, string | RegExp>>;
  readonly more?: readonly string[];
}

function withVerdict(results: readonly CheckResult[], verdict: CheckResult['verdict']): string[] {
  return results.filter((result) => result.verdict === verdict).map(({ name }) => name);
}

/** What a check says first: failures come before what passed. */
function evidenceOf(results: readonly CheckResult[], check: string): string {
  return results.find(({ name }) => name === check)?.evidence[0] ?? '';
}

async function verify(
  restored: DatabaseCluster,
  planned: EpochMicros,
  sides: 'both' | 'without source' = 'both',
  statement: Partial<Incident['statement']> = {},
  database = 'trading',
): Promise<{ results: CheckResult[]; notSeen: readonly string[] }> {
  const here = await openOn('restored', restored.address, database);
  const there = sides === 'both' ? await openOn('source', source.address) : undefined;
  try {
    const context = await prepareContext({
      incident: incidentOf('pgaudit', planned, statement),
      restoreTo: planned,
      restored: here,
      source: there,
      settings: CHECK_SETTINGS,
      onProgress: () => undefined,
    });
    const results = await runChecks(CHECKS, context, () => performance.now());
    return { results, notSeen: context.restored.inventory.notSeen };
  } finally {
    await Promise.all([here.close(), there?.close()]);
  }
}

async function openOn(
  side: 'restored' | 'source',
  address: Address,
  database = 'trading',
  statementTimeoutMs = 30_000,
): Promise<OpenDatabase> {
  const options = { ...MASTER, ...SESSION, statementTimeoutMs };
  return valueOf(await openSession({ side, ...address, database }, options));
}

async function restoreAt(at: EpochMicros): Promise<DatabaseCluster> {
  const restored = await source.restoreTo(
    at,
    path.join(workspace.runDirectory, `restored-${clusters.length}`),
    await allocateAddress(),
  );
  clusters.push(restored);
  await restored.start('restored-1');
  return restored;
}

/** An application that places an order about every 50 ms, and a settlement that changes positions. */
function startWriting(cluster: DatabaseCluster): () => Promise<void> {
  let stopped = false;
  const loop = (everyMs: number, sql: string, values: (n: number) => unknown[]): Promise<void> =>
    withSession(cluster, async (session) => {
      for (let n = 0; !stopped; n += 1) {
        await session.query(sql, values(n));
        await sleep(everyMs);
      }
    });
  const loops = [
    loop(
      50,
      "INSERT INTO orders (account_id, symbol, side, quantity, price) VALUES ($1, 'TSM', 'buy', 1, 100)",
      (n) => [1 + n],
    ),
    loop(70, 'UPDATE positions SET quantity = quantity + 1 WHERE account_id = $1', (n) => [1 + (n % 50)]),
  ];
  return async () => {
    stopped = true;
    await Promise.all(loops);
  };
}

async function runAll(
  cluster: DatabaseCluster,
  statements: readonly string[],
  database?: string,
): Promise<void> {
  const work = async (session: Client): Promise<void> => {
    for (const sql of statements) await session.query(sql);
  };
  await withSession(cluster, work, database);
}

async function withSession<T>(
  cluster: DatabaseCluster,
  work: (session: Client) => Promise<T>,
  database = 'trading',
): Promise<T> {
  const session = new Client({ ...cluster.address, ...MASTER, database });
  await session.connect();
  try {
    return await work(session);
  } finally {
    await session.end();
  }
}
