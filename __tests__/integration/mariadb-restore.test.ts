import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RowDataPacket } from 'mysql2/promise';
import type { MariaDbCluster } from '../../sandbox/engines/mariadb/cluster';
import {
  instantBetweenCommits,
  MariaDbBench,
  untilRestorable,
} from '../sandbox/engines/mariadb/mariadb-bench';

let bench: MariaDbBench;
beforeAll(async () => {
  bench = await MariaDbBench.open();
}, 10 * 60_000);
afterAll(() => bench.close(), 60_000);

const count = async (cluster: MariaDbCluster, table: string): Promise<number> => {
  const [row] = await bench.rows(cluster, `SELECT COUNT(*) AS n FROM ${table}`);
  return Number(row?.['n']);
};

/** One write of a session of the truth: what it wrote, which group of the binary log it became, and when. */
interface Write {
  readonly id: number;
  readonly sequence: number;
  readonly sentAt: number;
  readonly confirmedAt: number;
}

/** Inserts orders one by one, each a transaction of its own, until told to end. */
async function writeOrders(cluster: MariaDbCluster, first: number, goOn: () => boolean): Promise<Write[]> {
  const session = await bench.connect(cluster);
  const writes: Write[] = [];
  for (let id = first; goOn(); id++) {
    const sentAt = Date.now() * 1000;
    await session.query('INSERT INTO orders VALUES (?)', [id]);
    const confirmedAt = Date.now() * 1000 + 999;
    const [[row]] = await session.query<RowDataPacket[]>('SELECT @@last_gtid AS gtid');
    writes.push({ id, sequence: Number(String(row?.['gtid']).split('-')[2]), sentAt, confirmedAt });
    await sleep(5);
  }
  await session.end();
  return writes;
}

describe('restoreTo', () => {
  it(
    'cuts exactly at the commit of a long DELETE while other sessions commit',
    async () => {
      const source = await bench.create('incident');
      const session = await bench.connect(source);
      await session.query(
        'CREATE TABLE accounts (id INT PRIMARY KEY); CREATE TABLE orders (id INT PRIMARY KEY)',
      );
      await session.query('INSERT INTO accounts SELECT seq FROM seq_1_to_3000');
      await source.takeBaseBackup();

      let goOn = true;
      const writers = [1, 1_000_000].map((first) => writeOrders(source, first, () => goOn));
      const deleter = await bench.connect(source);
      await sleep(200);
      await deleter.query('BEGIN');
      await deleter.query('DELETE FROM accounts');
      await sleep(3000);
      const before = Date.now() * 1000;
      await sleep(100);
      await deleter.query('COMMIT');
      const [[row]] = await deleter.query<RowDataPacket[]>('SELECT @@last_gtid AS gtid');
      const deleted = Number(String(row?.['gtid']).split('-')[2]);
      await sleep(100);
      const after = Date.now() * 1000;
      await sleep(200);
      goOn = false;
      const writes = (await Promise.all(writers)).flat();
      await untilRestorable(source, after);

      const [unharmed, harmed] = await Promise.all([
        bench.restore(source, before, 'before'),
        bench.restore(source, after, 'after'),
      ]);
      expect(await count(unharmed, 'accounts')).toBe(3000);
      expect(await count(harmed, 'accounts')).toBe(0);

      for (const [at, cluster] of [
        [before, unharmed],
        [after, harmed],
      ] as const) {
        const rows = await bench.rows(cluster, 'SELECT id FROM orders');
        const restored = new Set(rows.map((each) => Number(each['id'])));
        const inOrder = writes.toSorted((a, b) => a.sequence - b.sequence);
        // no hole and nothing extra: exactly the first so many commits
        expect(inOrder.slice(0, restored.size).every(({ id }) => restored.has(id))).toBe(true);
        expect(restored.size).toBeGreaterThan(20);
        const [last, next] = [inOrder[restored.size - 1], inOrder[restored.size]];
        expect(last?.sentAt).toBeLessThanOrEqual(at);
        expect(next?.confirmedAt).toBeGreaterThanOrEqual(at - 50_000);
        expect(Number(last?.sequence) > deleted).toBe(at === after);
      }
      expect(await count(source, 'accounts')).toBe(0);
      expect(await count(source, 'orders')).toBe(writes.length);
    },
    10 * 60_000,
  );

  it(
    'restores to before and after each of DDL, an autocommit statement and a large DELETE',
    async () => {
      const source = await bench.create('statements');
      const session = await bench.connect(source);
      await session.query('CREATE TABLE orders (id INT PRIMARY KEY, note VARCHAR(100))');
      const instants = [await instantBetweenCommits(source)];
      for (const statement of [
        'INSERT INTO orders (id) VALUES (1), (2)',
        'ALTER TABLE orders ADD COLUMN price INT NOT NULL DEFAULT 7',
        'TRUNCATE orders',
        'FLUSH BINARY LOGS',
        // one statement in more bytes than clients send by default
        `INSERT INTO orders (id, note) SELECT seq, REPEAT('é\\n', 40) FROM seq_1_to_100000`,
        'DELETE FROM orders',
        'DROP TABLE orders',
      ]) {
        await session.query(statement);
        instants.push(await instantBetweenCommits(source));
      }

      const found = [];
      for (const [i, at] of instants.entries()) {
        const cluster = await bench.restore(source, at, `statements-${i}`);
        const columns = await bench.rows(
          cluster,
          "SELECT column_name FROM information_schema.columns WHERE table_schema = 'trading'",
        );
        found.push([columns.length, columns.length === 0 ? 0 : await count(cluster, 'orders')]);
        await cluster.destroy();
      }
      expect(found).toEqual([
        [2, 0],
        [2, 2],
        [3, 2],
        [3, 0],
        [3, 0],
        [3, 100_000],
        [3, 0],
        [0, 0],
      ]);
    },
    10 * 60_000,
  );

  it(
    'replays what every kind of statement leaves: users, procedures, triggers, sequences, XA, other engines',
    async () => {
      const source = await bench.create('kinds');
      const [one, other] = [await bench.connect(source), await bench.connect(source)];
      await one.query(
        `CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, v VARCHAR(99));
       CREATE TABLE m (id INT, v VARCHAR(99)) ENGINE=MyISAM;
       CREATE TABLE copied AS SELECT 1 AS x;
       CREATE TEMPORARY TABLE tt (v VARCHAR(9)); INSERT INTO tt VALUES ('temp'); INSERT INTO t (v) SELECT v FROM tt;
       BEGIN; INSERT INTO t (v) VALUES ('a'); SAVEPOINT s; INSERT INTO t (v) VALUES ('b');
       INSERT INTO m VALUES (1, 'x'); ROLLBACK TO s; COMMIT;
       BEGIN; INSERT INTO t (v) VALUES ('gone'); INSERT INTO m VALUES (2, 'stays'); ROLLBACK;
       CREATE SEQUENCE numbers; SELECT NEXTVAL(numbers);
       CREATE USER reader@'%' IDENTIFIED BY 'x'; GRANT SELECT ON trading.* TO reader@'%';
       GRANT ALL PRIVILEGES ON trading.* TO reader@'%';
       CREATE FUNCTION f() RETURNS INT RETURN 42;
       CREATE TRIGGER tr AFTER INSERT ON t FOR EACH ROW INSERT INTO m VALUES (NEW.id, NEW.v)`,
      );
      await one
        .query("CREATE PROCEDURE p() BEGIN INSERT INTO t (v) VALUES ('p', UUID()); END")
        .catch(() => undefined);
      await one.query(
        'CREATE OR REPLACE PROCEDURE p() BEGIN INSERT INTO t (v) VALUES (UUID()); SELECT f(); END; CALL p()',
      );
      await one.query("XA START 'one'; INSERT INTO t (v) VALUES ('xa one'); XA END 'one'; XA PREPARE 'one'");
      await other.query("INSERT INTO t (v) VALUES ('meanwhile')");
      await one.query(
        "XA COMMIT 'one'; XA START 'two'; INSERT INTO t (v) VALUES ('xa two'); XA END 'two'; XA PREPARE 'two'",
      );

      const restored = await bench.restore(source, await instantBetweenCommits(source), 'kinds-restored');
      for (const query of [
        'SELECT * FROM t ORDER BY id',
        'SELECT * FROM m ORDER BY id, v',
        'SELECT * FROM copied',
        'SELECT f()',
        // the values between are lost, as after a crash: the log holds the cache's end
        'SELECT NEXTVAL(numbers) IN (2, 1001) AS n',
        "SHOW GRANTS FOR reader@'%'",
        'SHOW CREATE TRIGGER tr',
        'XA RECOVER',
      ]) {
        expect([query, await bench.rows(restored, query)]).toEqual([query, await bench.rows(source, query)]);
      }
      await one.query("XA ROLLBACK 'two'");
    },
    10 * 60_000,
  );

  it(
    'restores a restored cluster, from its own history',
    async () => {
      const source = await bench.create('first');
      const session = await bench.connect(source);
      await session.query('CREATE TABLE orders (id INT PRIMARY KEY); INSERT INTO orders VALUES (1)');
      const second = await bench.restore(source, await instantBetweenCommits(source), 'second');
      const inSecond = await bench.connect(second);
      await inSecond.query('INSERT INTO orders VALUES (2)');
      const between = await instantBetweenCommits(second);
      await inSecond.query('DELETE FROM orders');

      const third = await bench.restore(second, between, 'third');
      expect(await bench.rows(third, 'SELECT id FROM orders')).toEqual([{ id: 1 }, { id: 2 }]);
      const asRestored = await bench.restore(second, second.earliestRestorableAt(), 'third-earliest');
      expect(await bench.rows(asRestored, 'SELECT id FROM orders')).toEqual([{ id: 1 }]);
      expect(await count(source, 'orders')).toBe(1);
    },
    10 * 60_000,
  );

  it(
    'goes on after a server that was stopped and started, from the base backup that serves',
    async () => {
      const source = await bench.create('restarts');
      const session = await bench.connect(source);
      await session.query('CREATE TABLE orders (id INT PRIMARY KEY); INSERT INTO orders VALUES (1)');
      const first = await instantBetweenCommits(source);
      await source.stop();
      const whileStopped = await instantBetweenCommits(source);
      await source.start('restarts-instance-2');
      await (await bench.connect(source)).query('INSERT INTO orders VALUES (2)');
      await source.takeBaseBackup();
      await (await bench.connect(source)).query('INSERT INTO orders VALUES (3)');
      const last = await instantBetweenCommits(source);

      const ids = async (at: number, name: string): Promise<unknown[]> => {
        const rows = await bench.rows(await bench.restore(source, at, name), 'SELECT id FROM orders');
        return rows.map((each): unknown => each['id']);
      };
      expect(await ids(first, 'restarts-first')).toEqual([1]);
      expect(await ids(whileStopped, 'restarts-stopped')).toEqual([1]);
      expect(await ids(last, 'restarts-last')).toEqual([1, 2, 3]);
    },
    10 * 60_000,
  );

  it(
    'refuses a time that it knows nothing of, and leaves nothing behind',
    async () => {
      const source = await bench.create('window');
      const tooEarly = source.earliestRestorableAt() - 1;
      const tooLate = source.latestRestorableAt() + 60_000_000;
      for (const at of [tooEarly, tooLate]) {
        await expect(bench.restore(source, at, 'window-refused')).rejects.toThrow(
          `cannot restore to ${at}: expected`,
        );
      }
      expect(existsSync(bench.directory('window-refused'))).toBe(false);
      expect(existsSync(bench.directory('window-refused.tmp'))).toBe(false);
    },
    10 * 60_000,
  );

  it.each([
    ['is cut short', (log: Buffer): Buffer => log.subarray(0, 500)],
    ['was changed', (log: Buffer): Buffer => log.fill('!', 470, 480)],
  ])(
    'takes no storage for whole when the binary log %s',
    async (what, damage) => {
      const name = what.replaceAll(' ', '-');
      const source = await bench.create(name);
      const session = await bench.connect(source);
      await session.query('CREATE TABLE orders (id INT PRIMARY KEY); INSERT INTO orders VALUES (1)');
      const at = await instantBetweenCommits(source);
      const log = path.join(bench.directory(name), 'logs/binlog.000001');
      writeFileSync(log, damage(readFileSync(log)));

      await expect(bench.restore(source, at, `${name}-restored`)).rejects.toThrow(
        'the binary log is damaged',
      );
      expect(existsSync(bench.directory(`${name}-restored`))).toBe(false);
      expect(existsSync(bench.directory(`${name}-restored.tmp`))).toBe(false);
    },
    30_000,
  );
});
