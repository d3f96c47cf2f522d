import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import mysql, { type Connection } from 'mysql2/promise';
import type { Incident } from '../../lib/artefacts/incident';
import type { CheckResult } from '../../lib/artefacts/verification';
import { valueOf } from '../../lib/errors';
import { epochMicros, type EpochMicros } from '../../lib/time';
import type { CheckSettings } from '../../lib/verify/check';
import { openMysql } from '../../lib/verify/mysql';
import type { OpenDatabase } from '../../lib/verify/server';
import { prepareContext } from '../../lib/verify/prepare-context';
import { CHECKS, runChecks, verdictOf } from '../../lib/verify/run-checks';
import { wallTimeOf } from '../../lib/verify/wall-time';
import { allocateAddress } from '../../sandbox/engines/addresses';
import type { Address, DatabaseCluster } from '../../sandbox/engines/database-cluster';
import { openMariaDb } from '../../sandbox/engines/mariadb/engine';
import { openWorkspace, type Workspace } from '../../sandbox/engines/workspace';
import { seedTradingDatabase } from '../../sandbox/scenario/trading-database';
import { CHECK_SETTINGS, earlyInSecond, incidentOf } from './incident-of';

const MASTER = { user: 'admin', password: 'not-a-secret-at-all' };
const SECOND = 1_000_000;

jest.setTimeout(20 * 60_000);

/** Keys and values of every kind that must survive the comparison, in more rows than are compared at once. */
const ODDITIES = [
  `CREATE TABLE oddities (
     id BIGINT UNSIGNED, code VARBINARY(8), tag VARCHAR(20) COLLATE utf8mb4_general_ci, day DATE,
     payload JSON, flags BIT(12), amount DECIMAL(40,10), ratio DOUBLE, shape POINT, doc MEDIUMBLOB,
     at DATETIME(3), kind ENUM('x','ä'), note TEXT CHARACTER SET latin1, twice INT AS (flags * 2),
     PRIMARY KEY (id, code, tag, day))`,
  `INSERT INTO oddities (id, code, tag, day, payload, flags, amount, ratio, shape, doc, at, kind, note)
   SELECT 18446744073709551615 - FLOOR(id / 7), CHAR(id MOD 256, 0, 39, 92), CONCAT('Ä''\\\\', id), '2026-01-02',
          '{"a": [1, null]}', id, id / 3, id / 7, POINT(id, 1), UNHEX('00FF27'), '2026-01-02 03:04:05.678',
          'ä', 'Zürich'
   FROM orders WHERE id <= 4000`,
  'CREATE TABLE sums (id INT PRIMARY KEY, held DECIMAL(18,2), CONSTRAINT not_owed CHECK (held >= 0))',
  `CREATE TABLE parts_of_sums (id INT PRIMARY KEY, sum INT, share INT AS (id * 2) VIRTUAL,
     CONSTRAINT of_sum FOREIGN KEY (sum) REFERENCES sums (id) ON DELETE RESTRICT, INDEX newest (id DESC))`,
  'CREATE TRIGGER never_owed BEFORE INSERT ON sums FOR EACH ROW SET NEW.held = ABS(NEW.held)',
  'CREATE EVENT tidy ON SCHEDULE EVERY 1 DAY STARTS CURRENT_TIMESTAMP + INTERVAL 1 DAY DO DELETE FROM sums WHERE held = 0',
  'CREATE SQL SECURITY INVOKER VIEW held AS SELECT SUM(held) AS total FROM sums',
  'CREATE FUNCTION halved(n INT) RETURNS INT DETERMINISTIC RETURN n DIV 2',
  'CREATE DATABASE drafts COLLATE utf8mb4_bin',
];

/** What is wrong, by what, put right by what, and as what it shows: none of it loses a row. */
const SUBTLE: [string, string[], string | string[], string][] = [
  [
    'a trigger is missing',
    ['DROP TRIGGER never_owed'],
    'CREATE TRIGGER never_owed BEFORE INSERT ON sums FOR EACH ROW SET NEW.held = ABS(NEW.held)',
    'trigger trading.never_owed is missing',
  ],
  [
    'an event is switched off',
    ['ALTER EVENT tidy DISABLE'],
    'ALTER EVENT tidy ENABLE',
    'event trading.tidy is defined differently',
  ],
  [
    'a view has the rights of who made it',
    ['ALTER SQL SECURITY DEFINER VIEW held AS SELECT SUM(held) AS total FROM sums'],
    'ALTER SQL SECURITY INVOKER VIEW held AS SELECT SUM(held) AS total FROM sums',
    'view trading.held is defined differently',
  ],
  [
    'a function takes another type',
    ['CREATE OR REPLACE FUNCTION halved(n BIGINT) RETURNS INT DETERMINISTIC RETURN n DIV 2'],
    'CREATE OR REPLACE FUNCTION halved(n INT) RETURNS INT DETERMINISTIC RETURN n DIV 2',
    'function trading.halved is defined differently',
  ],
  [
    'a generated column counts otherwise',
    ['ALTER TABLE parts_of_sums MODIFY share INT AS (id * 3) VIRTUAL'],
    'ALTER TABLE parts_of_sums MODIFY share INT AS (id * 2) VIRTUAL',
    'column trading.parts_of_sums.share is defined differently',
  ],
  [
    'rows go with their parent',
    [
      'ALTER TABLE parts_of_sums DROP FOREIGN KEY of_sum',
      'ALTER TABLE parts_of_sums ADD CONSTRAINT of_sum FOREIGN KEY (sum) REFERENCES sums (id) ON DELETE CASCADE',
    ],
    [
      'ALTER TABLE parts_of_sums DROP FOREIGN KEY of_sum',
      'ALTER TABLE parts_of_sums ADD CONSTRAINT of_sum FOREIGN KEY (sum) REFERENCES sums (id) ON DELETE RESTRICT',
    ],
    'foreign key trading.parts_of_sums.of_sum is defined differently',
  ],
  [
    'a check is gone',
    ['ALTER TABLE sums DROP CONSTRAINT not_owed'],
    'ALTER TABLE sums ADD CONSTRAINT not_owed CHECK (held >= 0)',
    'constraint trading.sums.not_owed is missing',
  ],
  [
    'an index is no longer used',
    ['ALTER TABLE parts_of_sums ALTER INDEX newest IGNORED'],
    'ALTER TABLE parts_of_sums ALTER INDEX newest NOT IGNORED',
    'index trading.parts_of_sums.newest is defined differently',
  ],
  [
    'new tables of a database would compare otherwise',
    ['ALTER DATABASE drafts COLLATE utf8mb4_general_ci'],
    'ALTER DATABASE drafts COLLATE utf8mb4_bin',
    'database drafts is defined differently',
  ],
  [
    'an empty database is missing',
    ['DROP DATABASE drafts'],
    'CREATE DATABASE drafts COLLATE utf8mb4_bin',
    'database drafts is missing',
  ],
];

let workspace: Workspace;
let source: DatabaseCluster;
/** The greatest whole second before the COMMIT of the DELETE. */
let restoreTo: EpochMicros;
const clusters: DatabaseCluster[] = [];
let stopWriting: (() => Promise<void>) | undefined;

beforeAll(async () => {
  workspace = await openWorkspace(process.cwd());
  const engine = await openMariaDb(workspace);
  source = await engine.createCluster({
    directory: path.join(workspace.runDirectory, 'source'),
    address: await allocateAddress(),
    masterUsername: MASTER.user,
    masterPassword: MASTER.password,
  });
  clusters.push(source);
  await source.start('trading-1');
  await seedTradingDatabase(
    { engine: 'aurora-mysql', ...source.address, ...MASTER },
    { trading_app: 'a', settlement: 'b', backoffice: 'c', intern: 'd' },
  );
  await withSession(source, async (session) => {
    await session.query(
      'CREATE TABLE trading.regions (code CHAR(2) PRIMARY KEY, name VARCHAR(40), area DOUBLE)',
    );
    await session.query(
      "INSERT INTO trading.regions VALUES ('ch', 'Schweiz', 41285.5), ('is', NULL, 103000)",
    );
    await session.query('CREATE TABLE trading.audit_notes (note VARCHAR(40))');
    await session.query("INSERT INTO trading.audit_notes VALUES ('a'), ('a'), ('b')");
  });
  await withSession(source, async (session) => {
    await session.query('USE trading');
    for (const sql of ODDITIES) await session.query(sql);
    await session.query('CREATE DATABASE archive');
    for (const table of ['sessions', 'coupons', 'tariffs', 'limits', 'archive.trades']) {
      await session.query(`CREATE TABLE ${table} (id INT AUTO_INCREMENT PRIMARY KEY, value INT NOT NULL)`);
      await session.query(`INSERT INTO ${table} (value) SELECT id FROM accounts LIMIT 300`);
    }
  });
  await source.takeBaseBackup();
  stopWriting = startWriting(source);
  await sleep(7000);
  await withSession(source, async (session) => {
    await session.query('USE trading');
    await session.query('BEGIN');
    await session.query('DELETE FROM accounts');
    await sleep(800);
    await earlyInSecond();
    const beforeCommit = Date.now() * 1000;
    await session.query('COMMIT');
    restoreTo = epochMicros((Math.ceil(beforeCommit / SECOND) - 1) * SECOND);
    await sleep(1200);
    await session.query('TRUNCATE TABLE sessions');
    await session.query('INSERT INTO sessions (id, value) SELECT 1000 + id, 0 FROM orders LIMIT 400');
    await session.query('DROP TABLE coupons');
    await session.query('DROP DATABASE archive');
    await session.query('ALTER TABLE limits DROP COLUMN value');
    await session.query('UPDATE tariffs SET value = 0');
    await session.query('UPDATE tariffs SET value = 7 WHERE id < 20');
  });
  await sleep(2500);
});

afterAll(async () => {
  await stopWriting?.();
  await Promise.all(clusters.map((cluster) => cluster.destroy()));
  await workspace.close();
});

test('a cluster that was restored to the restore point passes every check', async () => {
  const restored = await restoreAt(restoreTo);

  const results = await verify(restored, restoreTo);

  expect(results.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  expect(results).toHaveLength(CHECKS.length);
  expect(verdictOf(results)).toBe('pass');
  expect(evidenceOf(results, 'damage-absent')).toBe(
    'trading.accounts: 2,000 rows restored, 0 rows on the source',
  );
});

test('without the source it passes by what the restored cluster shows alone', async () => {
  const restored = await restoreAt(restoreTo);

  const results = await verify(restored, restoreTo, {}, 'without source');

  expect(verdictOf(results)).toBe('pass');
  expect(withVerdict(results, 'not-applicable')).toEqual([
    'schema-objects',
    'row-counts',
    'row-contents',
    'users-and-grants',
  ]);
});

test('a cluster that was restored to a second later, with the damage, fails for the damage and for the time', async () => {
  const restored = await restoreAt(epochMicros(restoreTo + SECOND));

  const results = await verify(restored, restoreTo);

  expect(withVerdict(results, 'fail')).toEqual(['damage-absent', 'restore-point']);
  expect(evidenceOf(results, 'damage-absent')).toContain('the damage is included');
  expect(evidenceOf(results, 'restore-point')).toMatch(
    /trading[.]orders[.]placed_at: \d+ rows from after the restore point .* restored to a later time/,
  );
});

test('a cluster that was restored to a second later, before the damage, fails for the time alone', async () => {
  const restored = await restoreAt(restoreTo);

  const results = await verify(restored, epochMicros(restoreTo - SECOND));

  expect(withVerdict(results, 'fail')).toEqual(['restore-point']);
  expect(evidenceOf(results, 'restore-point')).toContain('restored to a later time');
});

test('a cluster that was restored to a second earlier fails for the time alone', async () => {
  const restored = await restoreAt(epochMicros(restoreTo - SECOND));

  const results = await verify(restored, restoreTo);

  expect(withVerdict(results, 'fail')).toEqual(['restore-point']);
  expect(evidenceOf(results, 'restore-point')).toMatch(
    /trading[.]orders[.]placed_at: .* but the source has \d+ rows after that .* restored to an earlier time/,
  );
});

describe.each<Damage>([
  {
    statement: { kind: 'truncate', sql: 'TRUNCATE TABLE sessions', tables: ['trading.sessions'] },
    back: 'trading.sessions: 300 rows restored, 400 rows on the source; the source lacks 300 of the first 300 restored',
    gone: /^trading[.]sessions: 400 rows restored, 400 rows on the source, which has each of the first 400/,
  },
  {
    statement: { kind: 'drop', sql: 'DROP TABLE coupons', tables: ['coupons'] },
    back: 'trading.coupons: 300 rows restored, no such table on the source any more',
    gone: /^trading[.]coupons: does not exist on the restored side$/,
  },
  {
    statement: { kind: 'drop', sql: 'DROP DATABASE archive', tables: ['archive'] },
    back: 'database archive: 1 table restored, 0 tables on the source',
    gone: /^database archive: 0 tables restored, 0 tables on the source$/,
  },
  {
    statement: { kind: 'drop', sql: 'ALTER TABLE limits DROP COLUMN value', tables: ['limits'] },
    back: 'trading.limits: 300 rows restored, 300 rows on the source, which has 1 column fewer',
    gone: /^trading[.]limits: 300 rows restored, 300 rows on the source, which has each of the first 300/,
  },
  {
    statement: {
      kind: 'update-without-where',
      sql: 'UPDATE tariffs SET value = ?',
      tables: ['trading.tariffs'],
    },
    back: 'trading.tariffs: 300 rows restored, 300 rows on the source; of 300 rows on both sides 300 differ',
    gone: /^trading[.]tariffs: .* of 300 rows on both sides 0 differ: the damage is included$/,
  },
])('an incident by $statement.sql', ({ statement, back, gone }) => {
  test('passes where its rows are back', async () => {
    const results = await verify(await restoreAt(restoreTo), restoreTo, {}, 'both', statement);

    expect(evidenceOf(results, 'damage-absent')).toBe(back);
    expect(results.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  });

  test('fails where the restore has the damage', async () => {
    const afterwards = epochMicros(restoreTo + 4 * SECOND);
    while (source.latestRestorableAt() < afterwards) await sleep(100);

    const results = await verify(await restoreAt(afterwards), restoreTo, {}, 'both', statement);

    expect(evidenceOf(results, 'damage-absent')).toMatch(gone);
    expect(withVerdict(results, 'fail')).toContain('damage-absent');
  });
});

describe('a cluster that was restored to the restore point and is wrong in one thing', () => {
  let restored: DatabaseCluster;

  beforeAll(async () => {
    restored = await restoreAt(restoreTo);
  });

  test.each<Wrong>([
    {
      wrong: 'the damage is there',
      by: ['DELETE FROM accounts'],
      undoneBy: 'INSERT INTO accounts SELECT * FROM kept.accounts',
      fails: { 'damage-absent': 'trading.accounts: empty on the restored side: the damage is included' },
    },
    {
      wrong: 'a table that is written all the time is empty',
      by: ['DELETE FROM positions'],
      undoneBy: 'INSERT INTO positions SELECT * FROM kept.positions',
      fails: {
        'row-counts': /^trading[.]positions: 0 rows restored, 6,000 rows on the source: empty/,
        'row-contents': /^trading[.]positions: .* of the source from before the restore point are missing$/,
      },
    },
    {
      wrong: 'a table that nobody writes to is empty',
      by: ['DELETE FROM regions'],
      undoneBy: 'INSERT INTO regions SELECT * FROM kept.regions',
      fails: {
        'row-counts':
          /^trading[.]regions: 0 rows restored, 2 rows on the source, although it was not written since/,
        'row-contents': /^trading[.]regions: 0 rows restored: 2 are on the source alone, although/,
      },
    },
    {
      wrong: 'an order of the last minute is missing',
      by: ["DELETE FROM orders WHERE placed_at < '$point' - INTERVAL 6 SECOND ORDER BY id DESC LIMIT 1"],
      undoneBy: 'INSERT IGNORE INTO orders SELECT * FROM kept.orders',
      fails: {
        'restore-point':
          /^trading[.]orders[.]placed_at: of the .* rows .* last minute before the restore point, 1 are missing$/,
        'row-contents':
          /^trading[.]orders: .*: 1 row of the source from before the restore point is missing$/,
      },
    },
    {
      wrong: 'a position is missing',
      by: ['DELETE FROM positions WHERE account_id = 1234 LIMIT 1'],
      undoneBy: 'INSERT IGNORE INTO positions SELECT * FROM kept.positions',
      fails: {
        'row-contents':
          /^trading[.]positions: .*: 1 row of the source from before the restore point is missing$/,
      },
    },
    {
      wrong: 'a position has another value',
      by: [
        'UPDATE positions SET quantity = quantity + 1, updated_at = updated_at WHERE account_id = 1234 LIMIT 1',
      ],
      undoneBy: 'REPLACE INTO positions SELECT * FROM kept.positions',
      fails: {
        'row-contents':
          /^trading[.]positions: .*: 1 row that the source has not changed since the restore point differs$/,
      },
    },
    {
      wrong: 'a value is the empty text instead of NULL',
      by: ["UPDATE regions SET name = '' WHERE code = 'is'"],
      undoneBy: 'REPLACE INTO regions SELECT * FROM kept.regions',
      fails: { 'row-contents': /^trading[.]regions: 2 rows restored: 1 differ, although/ },
    },
    {
      wrong: 'one byte of one row differs',
      by: ["UPDATE oddities SET doc = UNHEX('00FE27') WHERE flags = 3999"],
      undoneBy: "UPDATE oddities SET doc = UNHEX('00FF27') WHERE flags = 3999",
      fails: { 'row-contents': /^trading[.]oddities: 4,000 rows restored: 1 differ, although/ },
    },
    {
      wrong: 'one bit of one row differs',
      by: ['UPDATE oddities SET flags = 3998 WHERE flags = 3999'],
      undoneBy: 'UPDATE oddities SET flags = 3999 WHERE flags = 3998 ORDER BY amount DESC LIMIT 1',
      fails: { 'row-contents': /^trading[.]oddities: 4,000 rows restored: 1 differ, although/ },
    },
    {
      wrong: 'a row of a table without a key has another value',
      by: ["UPDATE audit_notes SET note = 'c' WHERE note = 'b'"],
      undoneBy: "UPDATE audit_notes SET note = 'b' WHERE note = 'c'",
      fails: { 'row-contents': /^trading[.]audit_notes: another checksum than on the source/ },
    },
    {
      wrong: 'an index is missing',
      by: ['DROP INDEX by_email ON accounts'],
      undoneBy: 'CREATE INDEX by_email ON accounts (email)',
      fails: { 'schema-objects': 'index trading.accounts.by_email is missing' },
    },
    {
      wrong: 'a column is narrower',
      by: ['ALTER TABLE accounts MODIFY holder VARCHAR(60) NOT NULL'],
      undoneBy: 'ALTER TABLE accounts MODIFY holder VARCHAR(80) NOT NULL',
      fails: { 'schema-objects': 'column trading.accounts.holder is defined differently' },
    },
    {
      wrong: 'a procedure is missing',
      by: ['DROP PROCEDURE deposit'],
      undoneBy:
        'CREATE PROCEDURE deposit(IN account INT UNSIGNED, IN amount DECIMAL(18,2)) UPDATE accounts SET balance = balance + amount WHERE id = account',
      fails: { 'schema-objects': 'procedure trading.deposit is missing' },
    },
    ...SUBTLE.map(([wrong, by, undoneBy, evidence]) => ({
      wrong,
      by,
      undoneBy,
      fails: { 'schema-objects': evidence },
    })),
    {
      wrong: 'a row refers to one that is missing',
      by: ['SET foreign_key_checks = 0', "DELETE FROM instruments WHERE symbol = 'TSM'"],
      undoneBy: 'INSERT IGNORE INTO instruments SELECT * FROM kept.instruments',
      fails: {
        'row-counts': /^trading[.]instruments: 9 rows restored, 10 rows on the source, although/,
        'row-contents': /^trading[.]instruments: 9 rows restored: 1 are on the source alone, although/,
        'foreign-keys': /^trading[.]orders[.]orders_ibfk_1: [\d,]+ rows without parent, 0 on the source$/,
      },
    },
    {
      wrong: 'a user has another password',
      by: ["ALTER USER 'settlement'@'%' IDENTIFIED BY 'another'"],
      undoneBy: "ALTER USER 'settlement'@'%' IDENTIFIED BY 'b'",
      fails: { 'users-and-grants': /^'settlement'@'%' has another password: changed since/ },
    },
    {
      wrong: 'a user has fewer grants',
      by: ["REVOKE DELETE ON trading.* FROM 'intern'@'%'"],
      undoneBy: "GRANT DELETE ON trading.* TO 'intern'@'%'",
      fails: { 'users-and-grants': /^'intern'@'%' has other grants: changed since/ },
    },
  ])('fails where $wrong, and says so', async ({ by, undoneBy, fails }) => {
    await withSession(restored, async (session) => {
      await keepTables(session);
      const point = wallTimeOf(restoreTo, 0);
      for (const sql of by) await session.query(sql.replace('$point', point));
    });

    const results = await verify(restored, restoreTo);
    await withSession(restored, async (session) => {
      await session.query('USE trading');
      for (const sql of [undoneBy].flat()) await session.query(sql);
    });

    expect(withVerdict(results, 'fail')).toEqual(Object.keys(fails));
    expect(verdictOf(results)).toBe('fail');
    for (const [check, evidence] of Object.entries(fails)) {
      expect(evidenceOf(results, check)).toMatch(
        typeof evidence === 'string' ? new RegExp(`^${evidence}$`) : evidence,
      );
    }
  });

  test('passes again once every one of these is put right', async () => {
    await withSession(restored, (session) => session.query('DROP DATABASE IF EXISTS kept'));

    expect(verdictOf(await verify(restored, restoreTo))).toBe('pass');
  });
});

test('the sessions of a verification cannot write', async () => {
  const database = valueOf(
    await openMysql(
      { side: 'source', ...source.address },
      { ...MASTER, tls: { kind: 'none' }, connectTimeoutMs: 5000, statementTimeoutMs: 30_000 },
    ),
  );

  await expect(database.query('DELETE FROM trading.regions')).rejects.toMatchObject({
    side: 'source',
    code: 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION',
  });
  await database.close();
});

test('a statement that runs for longer than it may is ended by the server', async () => {
  const database = valueOf(
    await openMysql(
      { side: 'source', ...source.address },
      { ...MASTER, tls: { kind: 'none' }, connectTimeoutMs: 5000, statementTimeoutMs: 200 },
    ),
  );

  await expect(database.query('SELECT SLEEP(20)')).rejects.toMatchObject({ code: 'ER_STATEMENT_TIMEOUT' });
  await database.close();
});

test('a wrong password and a server that is not there are refused with a next step', async () => {
  const options = { tls: { kind: 'none' }, connectTimeoutMs: 2000, statementTimeoutMs: 1000 } as const;
  const nobody = await allocateAddress();

  expect(
    await openMysql({ side: 'restored', ...source.address }, { ...options, ...MASTER, password: 'wrong' }),
  ).toMatchObject({ ok: false, refusal: { reason: 'access-denied' } });
  expect(await openMysql({ side: 'source', ...nobody }, { ...options, ...MASTER })).toMatchObject({
    ok: false,
    refusal: { reason: 'cannot-connect', hint: expect.stringContaining('--no-source') as unknown },
  });
});

interface Damage {
  readonly statement: Partial<Incident['statement']>;
  readonly back: string;
  readonly gone: RegExp;
}

interface Wrong {
  readonly wrong: string;
  readonly by: readonly string[];
  readonly undoneBy: string | readonly string[];
  /** The checks that fail, in their order, each with its first evidence. */
  readonly fails: Readonly<Record<string, string | RegExp>>;
}

/** A copy of each table beside the database, from which what a case breaks is put right. */
async function keepTables(session: Connection): Promise<void> {
  await session.query('CREATE DATABASE IF NOT EXISTS kept');
  for (const table of ['accounts', 'positions', 'orders', 'regions', 'instruments']) {
    await session.query(`CREATE TABLE IF NOT EXISTS kept.${table} AS SELECT * FROM trading.${table}`);
  }
  await session.query('USE trading');
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
  settings: Partial<CheckSettings> = {},
  sides: 'both' | 'without source' = 'both',
  statement: Partial<Incident['statement']> = {},
): Promise<CheckResult[]> {
  const databases: OpenDatabase[] = [];
  const open = async (side: 'restored' | 'source', address: Address): Promise<OpenDatabase> => {
    const database = valueOf(
      await openMysql(
        { side, ...address },
        { ...MASTER, tls: { kind: 'none' }, connectTimeoutMs: 5000, statementTimeoutMs: 30_000 },
      ),
    );
    databases.push(database);
    return database;
  };
  try {
    const context = await prepareContext({
      incident: incidentOf('aurora-mysql', planned, statement),
      restoreTo: planned,
      restored: await open('restored', restored.address),
      source: sides === 'both' ? await open('source', source.address) : undefined,
      settings: { ...CHECK_SETTINGS, ...settings },
      onProgress: () => undefined,
    });
    return await runChecks(CHECKS, context, () => performance.now());
  } finally {
    await Promise.all(databases.map((database) => database.close()));
  }
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
      "INSERT INTO trading.orders (account_id, symbol, side, quantity, price) VALUES (?, 'TSM', 'buy', 1, 100)",
      (n) => [1 + n],
    ),
    loop(70, 'UPDATE trading.positions SET quantity = quantity + 1 WHERE account_id = ?', (n) => [
      1 + (n % 50),
    ]),
  ];
  return async () => {
    stopped = true;
    await Promise.all(loops);
  };
}

async function withSession<T>(
  cluster: DatabaseCluster,
  work: (session: Connection) => Promise<T>,
): Promise<T> {
  const session = await mysql.createConnection({ ...cluster.address, ...MASTER });
  try {
    return await work(session);
  } finally {
    await session.end();
  }
}
