import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { connect as connectTo, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import { Client } from 'pg';
import { fetchWritesAfter } from '../../lib/cutover/writes-after';
import { valueOf } from '../../lib/errors';
import { epochMicros } from '../../lib/time';
import { addUp } from '../../lib/verify/add-up';
import type { CheckContext } from '../../lib/verify/check';
import { autoIncrement } from '../../lib/verify/checks/auto-increment';
import { foreignKeys } from '../../lib/verify/checks/foreign-keys';
import { rowContents } from '../../lib/verify/checks/row-contents';
import { compareRows, type ComparedRows } from '../../lib/verify/compare-rows';
import type { Side } from '../../lib/verify/database';
import { findTable, type Inventory } from '../../lib/verify/inventory';
import { openMysql } from '../../lib/verify/mysql';
import { openPostgres } from '../../lib/verify/postgresql';
import type { OpenDatabase, ServerAddress, SessionOptions } from '../../lib/verify/server';
import { allocateAddress } from '../../sandbox/engines/addresses';
import type { DatabaseCluster, DatabaseEngine } from '../../sandbox/engines/database-cluster';
import { openMariaDb } from '../../sandbox/engines/mariadb/engine';
import {
  startServer as startMariaDb,
  type ServerSetup as MariaDbSetup,
} from '../../sandbox/engines/mariadb/server';
import { openPostgres as openPostgresEngine } from '../../sandbox/engines/postgresql/engine';
import { runAsAdmin } from '../../sandbox/engines/postgresql/server';
import type { RunningServer } from '../../sandbox/engines/server-process';
import { openWorkspace, type Workspace } from '../../sandbox/engines/workspace';

/** What real databases hold and tests of a whole restore do not: two servers that only these cases fill. */

const MASTER = { user: 'admin', password: 'not-a-secret-at-all' };
const SESSION = { tls: { kind: 'none' }, connectTimeoutMs: 5000, statementTimeoutMs: 30_000 } as const;
const SIDES = ['restored', 'source'] as const;

jest.setTimeout(20 * 60_000);

let workspace: Workspace;
const clusters: DatabaseCluster[] = [];
const open: OpenDatabase[] = [];
const servers: { readonly server: Server; readonly sockets: readonly Socket[] }[] = [];
let mariaDbs: Record<Side, DatabaseCluster>;
let postgres: DatabaseCluster;

beforeAll(async () => {
  workspace = await openWorkspace(process.cwd());
  const engine = await openMariaDb(workspace);
  mariaDbs = {
    restored: await startCluster(engine, 'my-restored'),
    source: await startCluster(engine, 'my-source'),
  };
  postgres = await startCluster(await openPostgresEngine(workspace), 'pg');
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((database) => database.close()));
  for (const { server, sockets } of servers.splice(0)) {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
});

afterAll(async () => {
  await Promise.all(clusters.map((cluster) => cluster.destroy()));
  await workspace.close();
});

describe('on MySQL', () => {
  const run = runOnMariaDb;

  beforeAll(async () => {
    for (const side of SIDES) await run(side, ['CREATE DATABASE x']);
  });

  test('long values that differ are not taken for the same, nor for NULL', async () => {
    for (const [side, bytes, text] of [
      ['restored', `REPEAT('a', 34000000)`, `REPEAT('a', 34000000)`],
      ['source', `REPEAT('b', 34000000)`, 'NULL'],
    ] as const) {
      await run(side, [
        'CREATE TABLE x.long_values (id INT PRIMARY KEY, bytes LONGBLOB, text LONGTEXT)',
        `INSERT INTO x.long_values VALUES (1, ${bytes}, NULL)`,
        `INSERT INTO x.long_values VALUES (2, NULL, ${text})`,
      ]);
    }

    expect(await compare('x.long_values')).toMatchObject({ looked: 2, different: 2 });
  });

  test.each([
    ['a text and NULL', 'TEXT', `'-'`, 'NULL'],
    ['the seventh digit of a FLOAT', 'FLOAT', '1.0000001', '1.0000002'],
    ['a large FLOAT', 'FLOAT', '16777215', '16777214'],
  ])('%s are not taken for the same', async (_what, type, here, there) => {
    for (const [side, value] of [
      ['restored', here],
      ['source', there],
    ] as const) {
      await run(side, [
        `CREATE OR REPLACE TABLE x.odd (id INT PRIMARY KEY, value ${type})`,
        `INSERT INTO x.odd VALUES (1, ${value}), (2, NULL)`,
        'CREATE OR REPLACE TABLE x.keyless AS SELECT value FROM x.odd',
      ]);
    }

    expect(await compare('x.odd')).toMatchObject({ looked: 2, different: 1 });
    expect(await contents('x.keyless')).toMatch(/^x[.]keyless: another checksum than on the source/);
  });

  test.each(['hash', 'old', 'unchanged', 'k0'])(
    'a key that is called %s is walked by itself',
    async (key) => {
      for (const side of SIDES) {
        await run(side, [
          `CREATE OR REPLACE TABLE x.alias (${key} CHAR(32) PRIMARY KEY, n INT)`,
          'INSERT INTO x.alias SELECT MD5(seq), seq FROM mysql.seq_1_to_5000',
        ]);
      }

      expect(await compare('x.alias')).toMatchObject({ looked: 5000, different: 0, onlySource: 0 });
    },
  );

  test('what a user of few rights does not see is named', async () => {
    await run('restored', [
      `CREATE USER few@'%' IDENTIFIED BY 'x'`,
      `GRANT SELECT ON x.* TO few@'%'`,
      'CREATE OR REPLACE VIEW x.seen AS SELECT 1 AS one',
    ]);
    const [all, few] = [
      await inventoryOf(await connectMysql('restored')),
      await inventoryOf(await connectMysql('restored', { user: 'few', password: 'x' })),
    ];

    expect(all.notSeen).toEqual([]);
    expect(few.notSeen).toEqual([
      'databases, tables, routines, triggers and events that this user has no rights to: it is granted no SELECT, SHOW VIEW, TRIGGER, EVENT, EXECUTE on *.*',
      'whether these are the same, whose text this user may not read: view x.seen',
    ]);
  });

  test("a team's users are compared, whatever they are called", async () => {
    await run('restored', [
      `CREATE USER aws_reader@'%' IDENTIFIED BY 'x', rdsjobs@'%' IDENTIFIED BY 'x'`,
      'CREATE ROLE AWS_LOAD_S3_ACCESS',
    ]);
    const database = await connectMysql('restored');
    const users = [...((await database.dialect.fetchUsers(database)) ?? new Map()).keys()];

    expect(users).toEqual(expect.arrayContaining([`'aws_reader'@'%'`, `'rdsjobs'@'%'`]));
    expect(users.join()).not.toMatch(/rdsadmin|AWS_LOAD/);
  });

  test.each([
    ['numbers with gaps', 'k INT PRIMARY KEY', 'seq * seq'],
    ['numbers beyond 2^53', 'k BIGINT UNSIGNED PRIMARY KEY', '18446744073709551615 - seq'],
    ['two columns', 'k INT, l VARCHAR(9), PRIMARY KEY (l, k)', 'seq DIV 10, seq % 10'],
    [
      'texts whose capitals do not count',
      'k VARCHAR(9) COLLATE utf8mb4_general_ci PRIMARY KEY',
      `CONCAT(IF(seq % 2, 'a', 'A'), seq, '?')`,
    ],
    ['texts in latin1', 'k CHAR(9) CHARACTER SET latin1 PRIMARY KEY', `CONCAT('é', seq)`],
    ['bytes', 'k VARBINARY(16) PRIMARY KEY', 'UNHEX(MD5(seq))'],
    ['times to the microsecond', 'k DATETIME(6) PRIMARY KEY', `'2026-01-01' + INTERVAL seq MICROSECOND`],
    ['instants', 'k TIMESTAMP(3) PRIMARY KEY', `'2026-01-01' + INTERVAL seq * 1000 MICROSECOND`],
  ])('a large table by a key of %s is added up in pieces to the same sums', async (_what, key, values) => {
    await run('restored', [
      `CREATE OR REPLACE TABLE x.large (${key}, n INT)`,
      `INSERT INTO x.large SELECT ${values}, seq FROM mysql.seq_1_to_100`,
    ]);

    await expectSameInPieces(await connectMysql('restored'));
  });

  test('a large table without a key that can be walked is added up at once', async () => {
    await run('restored', [
      'CREATE OR REPLACE TABLE x.large (k FLOAT PRIMARY KEY, n INT)',
      'INSERT INTO x.large SELECT seq, seq FROM mysql.seq_1_to_100',
    ]);

    expect(await addUpLarge(await connectMysql('restored'), 7)).toMatchObject({ progress: ['adding'] });
  });

  test('orphans of a large table are looked for in pieces', async () => {
    await run('restored', [
      'CREATE DATABASE family',
      'CREATE TABLE family.parents (id INT PRIMARY KEY)',
      'CREATE TABLE family.children (id INT PRIMARY KEY, parent INT, CONSTRAINT fk FOREIGN KEY (parent) REFERENCES family.parents (id))',
      'INSERT INTO family.parents SELECT seq FROM mysql.seq_1_to_50',
      'SET STATEMENT foreign_key_checks = 0 FOR INSERT INTO family.children SELECT seq, IF(seq = 9, NULL, seq) FROM mysql.seq_1_to_100',
    ]);

    expect(await orphansInPieces(await connectMysql('restored'))).toEqual([
      'family.children.fk: 50 rows without parent',
    ]);
  });

  const compare = async (table: string): Promise<ComparedRows | undefined> =>
    compareTable(await connectMysql('restored'), await connectMysql('source'), table);
  const contents = async (table: string): Promise<string | undefined> =>
    contentsOf(await connectMysql('restored'), await connectMysql('source'), table);
});

describe('on PostgreSQL', () => {
  const run = runOnPostgres;

  beforeAll(async () => {
    for (const side of SIDES) await run('postgres', [`CREATE DATABASE ${side}`]);
    for (const side of SIDES) await run(side, ['CREATE SCHEMA x']);
  });

  test.each(['hash', 'old', 'unchanged', 'k0'])(
    'a key that is called %s is walked by itself',
    async (key) => {
      for (const side of SIDES) {
        await run(side, [
          'DROP TABLE IF EXISTS x.alias',
          `CREATE TABLE x.alias ("${key}" text COLLATE "C" PRIMARY KEY, n int)`,
          'INSERT INTO x.alias SELECT md5(n::text), n FROM generate_series(1, 5000) n',
        ]);
      }

      expect(await compare('x.alias')).toMatchObject({ looked: 5000, different: 0, onlySource: 0 });
    },
  );

  test('sequences are held against the columns of whole numbers that they fill, and others against the source', async () => {
    for (const side of SIDES) {
      await run(side, [
        'CREATE SEQUENCE x.inv_seq',
        `CREATE TABLE x.invoice (no text PRIMARY KEY DEFAULT ('INV-' || nextval('x.inv_seq')))`,
        'INSERT INTO x.invoice DEFAULT VALUES',
        'CREATE SEQUENCE x.hibernate_seq INCREMENT 50',
        'CREATE TABLE x.down (id int GENERATED BY DEFAULT AS IDENTITY (INCREMENT -1 START -1) PRIMARY KEY)',
        'CREATE TABLE x.up (id smallserial PRIMARY KEY)',
        'CREATE SEQUENCE x.secret_seq',
        'CREATE SCHEMA hidden',
        'CREATE SEQUENCE hidden.seq',
      ]);
    }
    await run('source', [`SELECT nextval('x.hibernate_seq'), nextval('x.hibernate_seq')`]);
    await run('postgres', [`CREATE ROLE few LOGIN PASSWORD 'x'`]);
    await run('restored', [
      'GRANT USAGE ON SCHEMA x TO few',
      'GRANT SELECT ON ALL SEQUENCES IN SCHEMA x, hidden TO few',
      'REVOKE SELECT ON x.secret_seq FROM few',
    ]);
    const context = await contextOf(
      await connectPostgres('restored'),
      await connectPostgres('source'),
      'x.up',
    );

    expect(await autoIncrement.run(context)).toEqual({
      verdict: 'pass',
      evidence: [
        'x.up: goes on at 1',
        'sequence hidden.seq: goes on at 1, as on the source',
        'sequence x.down_id_seq: goes on at -1, as on the source',
        'sequence x.inv_seq: goes on at 2, as on the source',
        'sequence x.secret_seq: goes on at 1, as on the source',
        'sequence x.hibernate_seq: goes on at 1, on the source at 101: no column tells which numbers are taken',
      ],
    });
    const few = await connectPostgres('restored', { user: 'few', password: 'x' });
    expect((await inventoryOf(few)).notSeen).toEqual(
      expect.arrayContaining([
        'where sequence hidden.seq is: this user may not read it',
        'where sequence x.secret_seq is: this user may not read it',
      ]),
    );
  });

  test('a partitioned table has the rows of its partitions, which are counted once', async () => {
    await run('source', [
      'CREATE TABLE x.part (id bigint PRIMARY KEY, at timestamptz DEFAULT now()) PARTITION BY RANGE (id)',
      'CREATE TABLE x.part1 PARTITION OF x.part FOR VALUES FROM (0) TO (1000)',
      'CREATE TABLE x.part2 PARTITION OF x.part FOR VALUES FROM (1000) TO (9000)',
      'INSERT INTO x.part SELECT generate_series(1, 5000)',
      'ANALYZE',
    ]);
    const database = await connectPostgres('source');
    const { tables } = await inventoryOf(database);

    expect(
      tables
        .filter(({ name }) => name.startsWith('part'))
        .map(({ name, estimatedRows, partitionOf }) => [name, estimatedRows, partitionOf]),
    ).toEqual([
      ['part', 5000, null],
      ['part1', 999, 'x.part'],
      ['part2', 4001, 'x.part'],
    ]);
    const { askedAt } = await inventoryOf(database);
    const hourAgo = epochMicros(askedAt - 3_600_000_000);
    for (const named of [[], ['x.part.at', 'x.part1.at']]) {
      const writes = await fetchWritesAfter(database, hourAgo, named);
      expect(writes.tables.filter(({ clock }) => clock.startsWith('x.part'))).toMatchObject([{ rows: 5000 }]);
    }
    const [partition] = (await fetchWritesAfter(database, hourAgo, ['x.part1.at'])).tables;
    expect(partition).toMatchObject({ clock: 'x.part1.at', rows: 999 });
  });

  test("a team's roles are compared, whatever they are called", async () => {
    await run('postgres', ['CREATE ROLE rdsjobs', 'CREATE ROLE rds_reporting', 'CREATE ROLE rds_iam']);
    const database = await connectPostgres('restored');
    const users = [...((await database.dialect.fetchUsers(database)) ?? new Map()).keys()];

    expect(users).toEqual(expect.arrayContaining(['rdsjobs', 'rds_reporting']));
    expect(users.join()).not.toMatch(/rds_iam|rdsadmin|pg_/);
  });

  test('a foreign table is an object, whose rows are not looked at', async () => {
    await asAdmin([
      'CREATE FOREIGN DATA WRAPPER nothing',
      'CREATE SERVER elsewhere FOREIGN DATA WRAPPER nothing',
      'CREATE FOREIGN TABLE afar (id int) SERVER elsewhere',
    ]);
    const { objects, notSeen } = await inventoryOf(await connectPostgres('postgres'));

    expect(objects).toContainEqual(expect.objectContaining({ kind: 'foreign table', name: 'afar' }));
    expect(notSeen).toContain('the rows of foreign tables (public.afar)');
  });

  test.each([
    ['numbers with gaps', 'k int PRIMARY KEY', 'n * n'],
    ['numbers beyond 2^53', 'k numeric PRIMARY KEY', '18446744073709551615.5 - n'],
    ['two columns', 'k int, l text, PRIMARY KEY (l, k)', 'n / 10, n % 10'],
    [
      'texts in an order of their own',
      'k text COLLATE "und-x-icu" PRIMARY KEY',
      `concat(CASE n % 2 WHEN 0 THEN 'a' ELSE 'A' END, n, '?')`,
    ],
    ['bytes', 'k bytea PRIMARY KEY', `decode(md5(n::text), 'hex')`],
    [
      'instants to the microsecond',
      'k timestamptz PRIMARY KEY',
      `timestamptz '2026-01-01' + n * interval '1 microsecond'`,
    ],
    ['floating numbers', 'k double precision PRIMARY KEY', 'n / 3.0'],
    ['UUIDs', 'k uuid PRIMARY KEY', 'md5(n::text)::uuid'],
  ])('a large table by a key of %s is added up in pieces to the same sums', async (_what, key, values) => {
    await run('restored', [
      'DROP TABLE IF EXISTS x.large',
      `CREATE TABLE x.large (${key}, n int)`,
      `INSERT INTO x.large SELECT ${values}, n FROM generate_series(1, 100) n`,
    ]);

    await expectSameInPieces(await connectPostgres('restored'));
  });

  test('orphans of a large table are looked for in pieces', async () => {
    await run('postgres', [
      'CREATE SCHEMA family',
      'CREATE TABLE family.parents (id int PRIMARY KEY)',
      'CREATE TABLE family.children (id int PRIMARY KEY, parent int)',
      'INSERT INTO family.parents SELECT generate_series(1, 50)',
      'INSERT INTO family.children SELECT n, NULLIF(n, 9) FROM generate_series(1, 100) n',
      'ALTER TABLE family.children ADD CONSTRAINT fk FOREIGN KEY (parent) REFERENCES family.parents (id) NOT VALID',
    ]);

    expect(await orphansInPieces(await connectPostgres('postgres'))).toEqual([
      'family.children.fk: 50 rows without parent',
    ]);
  });

  const compare = async (table: string): Promise<ComparedRows | undefined> =>
    compareTable(await connectPostgres('restored'), await connectPostgres('source'), table);
});

describe('a statement of unknown making', () => {
  beforeAll(async () => {
    await runOnMariaDb('restored', [
      'CREATE DATABASE own',
      'CREATE TABLE own.t (id INT)',
      'CREATE FUNCTION own.writes() RETURNS INT MODIFIES SQL DATA BEGIN INSERT INTO own.t VALUES (1); RETURN 1; END',
    ]);
    await runOnPostgres('postgres', [
      'CREATE TABLE t (id int)',
      'CREATE FUNCTION writes() RETURNS int LANGUAGE sql AS $$ INSERT INTO t VALUES (1) RETURNING 1 $$',
    ]);
  });

  test('gives each of its columns, also where several have one name', async () => {
    const sql = 'SELECT 1 AS a, NULL AS a, 3 AS b';
    const expected = [['1', null, '3']];

    await expect((await connectMysql('restored')).readValues(sql)).resolves.toEqual(expected);
    await expect((await connectPostgres('postgres')).readValues(sql)).resolves.toEqual(expected);
  });

  test('writes nothing on MySQL, whatever it calls', async () => {
    const database = await connectMysql('restored');

    await expect(database.readValues('SELECT own.writes()')).rejects.toMatchObject({
      code: 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION',
    });
    await expect(database.readValues('CHECKSUM TABLE own.t')).resolves.toEqual([['own.t', '0']]);
  });

  test.each([
    `SELECT "set_config"('default_transaction_read_only', 'off', false)`,
    `SELECT U&"set\\005Fconfig"('transaction_read_only', 'off', false)`,
  ])('writes nothing on PostgreSQL, even after %s', async (sql) => {
    const database = await connectPostgres('postgres');

    await database.readValues(sql).catch(() => undefined);

    const refused = { code: 'read_only_sql_transaction' };
    await expect(database.readValues('SELECT writes()')).rejects.toMatchObject(refused);
    await expect(database.query('SELECT writes()')).rejects.toMatchObject(refused);
  });

  test('leaves no large object behind on PostgreSQL', async () => {
    const database = await connectPostgres('postgres');

    await database.readValues('SELECT lo_create(0)').catch(() => undefined);

    await expect(database.query('SELECT * FROM pg_largeobject_metadata')).resolves.toEqual([]);
  });
});

describe('a session', () => {
  const connectAll = (options: Partial<SessionOptions>): Promise<[OpenDatabase, OpenDatabase]> =>
    Promise.all([connectMysql('restored', options), connectPostgres('postgres', options)]);
  const SLEEP = { mysql: 'SELECT SLEEP(30)', postgresql: 'SELECT pg_sleep(30)' };

  test('ends what it runs when the person interrupts, and begins nothing more', async () => {
    const interruption = new AbortController();
    const databases = await connectAll({ signal: interruption.signal });
    setTimeout(() => {
      interruption.abort(new Error('interrupted by SIGINT'));
    }, 300);
    const startedAt = performance.now();

    for (const sql of ['first', 'second']) {
      const running = databases.map((database) =>
        database.query(sql === 'first' ? SLEEP[database.dialect.name] : 'SELECT 1'),
      );
      for (const one of running) await expect(one).rejects.toThrow('interrupted by SIGINT');
    }
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  test.each([
    ['aurora-mysql', () => mariaDbs.restored.address, SLEEP.mysql],
    ['aurora-postgresql', () => postgres.address, SLEEP.postgresql],
  ])('that any command opens on %s ends by Ctrl-C', async (engine, address, sql) => {
    const script = path.join(workspace.runDirectory, `${engine}.ts`);
    const module = (file: string): string => JSON.stringify(path.resolve(file));
    writeFileSync(
      script,
      `import { z } from ${JSON.stringify(require.resolve('zod'))};
       import { runScript, scriptCommand } from ${module('lib/cli')};
       import { connectBy } from ${module('scripts/verify/databases')};
       void runScript(scriptCommand('sleep', 'Sleeps.', []), z.object({}), async () => {
         const address = ${JSON.stringify({ side: 'source', engine, ...address() })};
         const database = await connectBy(process.env)(address, 60_000);
         console.log('asking');
         await database.query('${sql}');
         return 0;
       });`,
    );
    const { user: DRILL_DB_USER, password: DRILL_DB_PASSWORD } = MASTER;
    const child = spawn(process.execPath, ['--import', require.resolve('tsx'), script], {
      env: { ...process.env, DRILL_DB_USER, DRILL_DB_PASSWORD },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = text(child.stderr);
    child.stdout.once('data', () => {
      setTimeout(() => child.kill('SIGINT'), 300);
    });
    const startedAt = performance.now();
    await once(child, 'exit');

    expect(await said).toContain('interrupted by SIGINT');
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  test('with a server that hangs is given up after its timeout', async () => {
    const lines = await Promise.all([
      hangingLine(mariaDbs.restored.address),
      hangingLine(postgres.address),
    ] as const);
    const options = { statementTimeoutMs: 300 };
    const databases = await Promise.all([
      connectMysql('source', options, lines[0]),
      connectPostgres('postgres', options, lines[1]),
    ]);
    for (const line of lines) line.hang();

    const running = databases.map((database) => database.query('SELECT 1'));

    for (const one of running) {
      await expect(one).rejects.toMatchObject({
        code: 'NO_ANSWER',
        message: expect.stringMatching(/database hangs: it did not answer within 10[.]3 s$/) as unknown,
      });
    }
    for (const database of databases) {
      await expect(database.query('SELECT 1')).rejects.toThrow(/is lost [(]it did not answer within/);
    }
  });
});

describe('TLS with the certificates that DRILL_DB_CA names', () => {
  const running: RunningServer[] = [];
  let right: Certificate;
  let wrong: Certificate;

  beforeAll(async () => {
    right = makeCertificate([mariaDbs.source.address.host, postgres.address.host]);
    wrong = makeCertificate([mariaDbs.source.address.host, postgres.address.host]);
    const { host, port } = mariaDbs.source.address;
    await mariaDbs.source.stop();
    const { setup: mariaDb } = mariaDbs.source as unknown as { setup: MariaDbSetup };
    running.push(
      await startMariaDb(mariaDb, [
        `--bind-address=${host}`,
        `--port=${port}`,
        `--ssl-cert=${right.certFile}`,
        `--ssl-key=${right.keyFile}`,
      ]),
    );
    await asAdmin([
      'ALTER SYSTEM SET ssl = on',
      `ALTER SYSTEM SET ssl_cert_file = '${right.certFile}'`,
      `ALTER SYSTEM SET ssl_key_file = '${right.keyFile}'`,
      'SELECT pg_reload_conf()',
    ]);
    await sleep(1000);
  });

  afterAll(async () => {
    await Promise.all(running.map((server) => server.stop()));
  });

  const engines = [
    ['MySQL', openMysql, () => mariaDbs.source.address, `SHOW STATUS LIKE 'Ssl_cipher'`],
    [
      'PostgreSQL',
      (address: ServerAddress, options: SessionOptions) =>
        openPostgres({ ...address, database: 'postgres' }, options),
      () => postgres.address,
      'SELECT cipher AS "Value" FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
    ],
  ] as const;

  test.each(engines)('is spoken to %s where they signed the server', async (_name, connect, at, cipher) => {
    const database = keep(valueOf(await connect({ side: 'source', ...at() }, verifiedBy(right))));

    expect((await database.query(cipher))[0]?.['Value']).toMatch(/^TLS_/);
  });

  test.each(engines)(
    'is refused to %s where they did not, or for another host',
    async (_name, connect, at) => {
      const elsewhere = await hangingLine(at());
      const refused = (host: string): object => ({
        ok: false,
        refusal: {
          reason: 'tls-not-verified',
          message: expect.stringContaining(
            `cannot verify the certificate of the source database at ${host}`,
          ) as unknown,
          hint: expect.stringContaining('DRILL_DB_CA') as unknown,
        },
      });

      expect(await connect({ side: 'source', ...at() }, verifiedBy(wrong))).toMatchObject(refused(at().host));
      const { host, port } = elsewhere;
      expect(await connect({ side: 'source', host, port }, verifiedBy(right))).toMatchObject(refused(host));
    },
  );

  function verifiedBy({ certFile }: Certificate): SessionOptions {
    return { ...MASTER, ...SESSION, tls: { kind: 'verified', ca: [readFileSync(certFile, 'utf8')] } };
  }
});

interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
}

/** Signed by itself, for addresses, and readable by the engines' user alone. */
function makeCertificate(hosts: readonly string[]): Certificate {
  const folder = mkdtempSync(path.join(workspace.runDirectory, 'tls-'));
  const [certFile, keyFile] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-subj', '/CN=database', '-addext', `subjectAltName=${hosts.map((host) => `IP:${host}`).join()}`],
      ...['-keyout', keyFile, '-out', certFile],
    ],
    { stdio: 'pipe' },
  );
  const { uid } = (postgres as unknown as { setup: { user: { uid: number } } }).setup.user;
  for (const file of [folder, certFile, keyFile]) if (process.getuid?.() === 0) chownSync(file, uid, uid);
  return { certFile, keyFile };
}

interface HangingLine {
  readonly host: string;
  readonly port: number;
  hang(): void;
}

/** Passes bytes on until it hangs: then it takes them and never answers. */
async function hangingLine(to: { host: string; port: number }): Promise<HangingLine> {
  const sockets: Socket[] = [];
  const server = createServer((near) => {
    const far = connectTo(to);
    sockets.push(near, far);
    for (const socket of [near, far]) socket.on('error', () => undefined);
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push({ server, sockets });
  const { port } = server.address() as AddressInfo;
  return {
    host: '127.0.0.1',
    port,
    hang: () => {
      for (const socket of sockets) socket.unpipe();
    },
  };
}

async function runOnMariaDb(side: Side, statements: readonly string[]): Promise<void> {
  const session = await mysql.createConnection({ ...mariaDbs[side].address, ...MASTER });
  try {
    for (const sql of statements) await session.query(sql);
  } finally {
    await session.end();
  }
}

async function runOnPostgres(database: string, statements: readonly string[]): Promise<void> {
  const session = new Client({ ...postgres.address, ...MASTER, database });
  await session.connect();
  try {
    for (const sql of statements) await session.query(sql);
  } finally {
    await session.end();
  }
}

async function connectMysql(
  side: Side,
  options: Partial<SessionOptions> = {},
  { host, port } = mariaDbs[side].address,
): Promise<OpenDatabase> {
  const address = { side, host, port };
  return keep(valueOf(await openMysql(address, { ...MASTER, ...SESSION, ...options })));
}

/** By the name of a database, which stands for a side. */
async function connectPostgres(
  database: Side | 'postgres',
  options: Partial<SessionOptions> = {},
  { host, port } = postgres.address,
): Promise<OpenDatabase> {
  const side = database === 'postgres' ? 'restored' : database;
  const address = { side, host, port, database };
  return keep(valueOf(await openPostgres(address, { ...MASTER, ...SESSION, ...options })));
}

/** As the superuser that RDS keeps to itself. */
async function asAdmin(statements: readonly string[]): Promise<void> {
  const { setup } = postgres as unknown as { setup: { adminPassword: string } };
  await runAsAdmin(postgres.address, setup.adminPassword, statements);
}

function inventoryOf(database: OpenDatabase): Promise<Inventory> {
  return database.dialect.fetchInventory(database);
}

async function startCluster(engine: DatabaseEngine, name: string): Promise<DatabaseCluster> {
  const cluster = await engine.createCluster({
    directory: path.join(workspace.runDirectory, name),
    address: await allocateAddress(),
    masterUsername: MASTER.user,
    masterPassword: MASTER.password,
  });
  clusters.push(cluster);
  await cluster.start('trading-1');
  return cluster;
}

function keep(database: OpenDatabase): OpenDatabase {
  open.push(database);
  return database;
}

async function compareTable(
  restored: OpenDatabase,
  source: OpenDatabase,
  name: string,
): Promise<ComparedRows | undefined> {
  const table = findTable(await restored.dialect.fetchInventory(restored), name);
  if (table === undefined) throw new Error(`no table ${name}`);
  return compareRows(restored, source, table, { columns: table.columns });
}

interface AddedUp {
  readonly sums: readonly bigint[];
  readonly progress: readonly string[];
}

/** Count and checksum of the table x.large, in pieces of so many rows. */
async function addUpLarge(database: OpenDatabase, chunkRows: number): Promise<AddedUp> {
  const { checksum, rowHash, fetchInventory } = database.dialect;
  const table = findTable(await fetchInventory(database), 'x.large');
  if (table === undefined) throw new Error('no table x.large');
  const progress: string[] = [];
  const sums = await addUp(
    database,
    { ...table, estimatedRows: 90 },
    { select: checksum(rowHash(table.columns)), doing: 'adding' },
    { settings: { chunkRows }, onProgress: (text) => progress.push(text) },
  );
  return { sums, progress };
}

async function expectSameInPieces(database: OpenDatabase): Promise<void> {
  const whole = await addUpLarge(database, 1000);
  const pieces = await addUpLarge(database, 7);

  expect(whole).toMatchObject({ sums: [100n, expect.any(BigInt), expect.any(BigInt)], progress: ['adding'] });
  expect(pieces.sums).toEqual(whole.sums);
  expect(pieces.progress).toHaveLength(15);
  expect(pieces.progress.slice(-2)).toEqual(['adding: 91 of about 91 rows', 'adding: 98 of about 98 rows']);
}

async function orphansInPieces(database: OpenDatabase): Promise<readonly string[]> {
  const context = await contextOf(database, database, 'family.children');
  const tables = context.restored.inventory.tables.map((table) => ({ ...table, estimatedRows: 100 }));
  const foreignKeysOf = context.restored.inventory.foreignKeys.filter(({ schema }) => schema === 'family');
  const progress: string[] = [];
  const { evidence } = await foreignKeys.run({
    ...context,
    restored: { database, inventory: { ...context.restored.inventory, tables, foreignKeys: foreignKeysOf } },
    source: undefined,
    settings: { ...context.settings, chunkRows: 30 },
    onProgress: (text) => progress.push(text),
  });
  expect(progress).toEqual([
    'looking for orphans by family.children.fk',
    ...[30, 60, 90].map((rows) => `looking for orphans by family.children.fk: ${rows} of about 100 rows`),
  ]);
  return evidence;
}

/** The first evidence of row-contents about one table, which nobody has written to. */
async function contentsOf(
  restored: OpenDatabase,
  source: OpenDatabase,
  name: string,
): Promise<string | undefined> {
  const { evidence } = await rowContents.run(await contextOf(restored, source, name));
  return evidence[0];
}

async function contextOf(restored: OpenDatabase, source: OpenDatabase, name: string): Promise<CheckContext> {
  const subjectOf = async (database: OpenDatabase): Promise<CheckContext['restored']> => {
    const inventory = await database.dialect.fetchInventory(database);
    const { askedAt } = inventory;
    const tables = inventory.tables
      .filter((table) => `${table.schema}.${table.name}` === name)
      .map((table) => ({ ...table, createdAt: null, updatedAt: epochMicros(askedAt - 7_200_000_000) }));
    return { database, inventory: { ...inventory, tables } };
  };
  const there = await subjectOf(source);
  return {
    incident: undefined,
    restoreTo: epochMicros(there.inventory.askedAt - 3_600_000_000),
    restored: await subjectOf(restored),
    source: there,
    clocks: { clocks: [], unused: [] },
    settings: {
      clocks: [],
      ignoredClocks: [],
      clockOffsetMinutes: undefined,
      commitDelayMs: 500,
      expectDifferent: [],
      compareRows: 1_000_000,
      chunkRows: 1_000_000,
    },
    onProgress: () => undefined,
  };
}
