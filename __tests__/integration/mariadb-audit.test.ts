import type { AuditLine } from '../../sandbox/engines/database-cluster';
import { MariaDbBench, untilRestorable } from '../sandbox/engines/mariadb/mariadb-bench';

let bench: MariaDbBench;
beforeAll(async () => {
  bench = await MariaDbBench.open();
}, 10 * 60_000);
afterAll(() => bench.close(), 60_000);

/** An audit line with what differs from run to run replaced: stamp, connection and query numbers. */
const shape = (line: AuditLine): string =>
  line.text.replace(/^\d{16}(,[^,]*,[^,]*,[^,]*),\d+,(\d+)/, (_all, who: string, query: string) =>
    [`STAMP${who},CONNECTION`, query === '0' ? '0' : 'QUERY'].join(','),
  );

describe('audit lines', () => {
  it(
    "are in Aurora MySQL's format",
    async () => {
      const cluster = await bench.create('audit');
      const lines: AuditLine[] = [];
      cluster.onAuditLine((line) => lines.push(line));
      const session = await bench.connect(cluster);
      await session.query('CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(99)) ENGINE=InnoDB');
      await session.query("INSERT INTO t VALUES (1, 'it''s a \\\\, \\n')");
      await session.query('UPDATE t\n\tSET v = "a,b"\r\nWHERE id = 1');
      await session.query('BEGIN; DELETE FROM t; COMMIT');
      await session.query('SELECT * FROM nowhere').catch(() => undefined);
      await session.query('ALTER TABLE t ADD COLUMN w INT; RENAME TABLE t TO u; TRUNCATE u; DROP TABLE u');
      await session.end();
      await cluster.stop();

      const start = 'STAMP,audit-instance-1,admin,127.0.0.1,CONNECTION';
      // MariaDB's own bookkeeping, which Aurora has not
      const statistics = ['table_stats', 'column_stats', 'index_stats'].map(
        (table) => `${start},QUERY,WRITE,mysql,${table},`,
      );
      const own = lines.filter(({ text }) => text.split(',')[4] === String(session.threadId));
      expect(own.map(shape)).toEqual([
        `${start},0,CONNECT,trading,,0`,
        `${start},QUERY,CREATE,trading,t,`,
        `${start},QUERY,QUERY,trading,'CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(99)) ENGINE=InnoDB',0`,
        `${start},QUERY,WRITE,trading,t,`,
        String.raw`${start},QUERY,QUERY,trading,'INSERT INTO t VALUES (1, \'it\'\'s a \\\\, \\n\')',0`,
        `${start},QUERY,WRITE,trading,t,`,
        `${start},QUERY,QUERY,trading,'UPDATE t  SET v = "a,b"  WHERE id = 1',0`,
        `${start},QUERY,QUERY,trading,'BEGIN',0`,
        `${start},QUERY,WRITE,trading,t,`,
        `${start},QUERY,QUERY,trading,'DELETE FROM t',0`,
        `${start},QUERY,QUERY,trading,'COMMIT',0`,
        `${start},QUERY,QUERY,trading,'SELECT * FROM nowhere',1146`,
        `${start},QUERY,ALTER,trading,t,`,
        `${start},QUERY,READ,trading,t,`,
        `${start},QUERY,QUERY,trading,'ALTER TABLE t ADD COLUMN w INT',0`,
        `${start},QUERY,RENAME,trading,t|trading.u,`,
        ...statistics,
        `${start},QUERY,QUERY,trading,'RENAME TABLE t TO u',0`,
        `${start},QUERY,WRITE,trading,u,`,
        `${start},QUERY,QUERY,trading,'TRUNCATE u',0`,
        ...statistics,
        `${start},QUERY,DROP,trading,u,`,
        `${start},QUERY,QUERY,trading,'DROP TABLE u',0`,
        `${start},0,DISCONNECT,trading,,0`,
      ]);
    },
    10 * 60_000,
  );

  it(
    'carry the instant of the statement in microseconds, in order',
    async () => {
      const cluster = await bench.create('stamps');
      const lines: AuditLine[] = [];
      cluster.onAuditLine((line) => lines.push(line));
      const session = await bench.connect(cluster);
      const asked: { sentAt: number; doneAt: number }[] = [];
      for (let i = 0; i < 200; i++) {
        const sentAt = Date.now() * 1000;
        await session.query(`SELECT ${i}`);
        asked.push({ sentAt, doneAt: Date.now() * 1000 + 999 });
      }
      await session.end();
      await cluster.stop();

      const stamps = lines.filter(({ text }) => /'SELECT \d+'/.test(text)).map(({ writtenAt }) => writtenAt);
      expect(stamps).toHaveLength(asked.length);
      expect(lines.map(({ text }) => Number(text.split(',')[0]))).toEqual(
        lines.map(({ writtenAt }) => writtenAt),
      );
      expect(stamps).toEqual(stamps.toSorted((a, b) => a - b));
      expect(new Set(stamps).size).toBe(stamps.length);
      // a stamp is not before its statement was sent; that it hardly follows its end depends on the machine's load
      expect(stamps.filter((stamp, i) => stamp < (asked[i]?.sentAt ?? 0))).toEqual([]);
      // microseconds, not padded seconds or milliseconds
      expect(stamps.filter((stamp) => stamp % 1000 === 0).length).toBeLessThan(stamps.length / 10);
    },
    10 * 60_000,
  );

  it(
    'place a commit before its record: a restore to the record holds what it committed',
    async () => {
      const cluster = await bench.create('order');
      const commits: AuditLine[] = [];
      cluster.onAuditLine((line) => {
        if (line.text.includes("'COMMIT'")) commits.push(line);
      });
      const session = await bench.connect(cluster);
      await session.query('CREATE TABLE t (id INT PRIMARY KEY)');
      for (const id of [1, 2, 3, 4, 5]) await session.query(`BEGIN; INSERT INTO t VALUES (${id}); COMMIT`);
      await cluster.stop();

      expect(commits).toHaveLength(5);
      for (const [i, { writtenAt }] of commits.entries()) {
        await untilRestorable(cluster, writtenAt);
        const restored = await bench.restore(cluster, writtenAt, `order-${i}`);
        const rows = await bench.rows(restored, 'SELECT MAX(id) AS last FROM t');
        expect(Number(rows[0]?.['last'])).toBeGreaterThanOrEqual(i + 1);
        await restored.destroy();
      }
    },
    10 * 60_000,
  );

  it(
    'cut long statements without a mark, and survive what is no text',
    async () => {
      const cluster = await bench.create('long');
      const lines: AuditLine[] = [];
      cluster.onAuditLine((line) => lines.push(line));
      const session = await bench.connect(cluster);
      await session.query(`SELECT '${'x'.repeat(100_000)}'`);
      await session.query(
        Buffer.concat([Buffer.from("SELECT '"), Buffer.from([0xff, 0xfe, 0x80]), Buffer.from("'")]).toString(
          'latin1',
        ),
      );
      await session.end();
      await cluster.stop();

      const cut = lines.find(({ text }) => text.includes('xxxx'))?.text ?? '';
      expect(cut.length).toBeGreaterThan(65_536);
      expect(cut.length).toBeLessThan(65_700);
      expect(cut).toMatch(/x',0$/);
      expect(lines.at(-1)?.text).toMatch(/DISCONNECT/);
    },
    10 * 60_000,
  );

  it(
    "show the sandbox's own work as rdsadmin's, and a new writer under its name",
    async () => {
      const cluster = await bench.create('own');
      const lines: AuditLine[] = [];
      cluster.onAuditLine((line) => lines.push(line));
      await cluster.setMasterPassword('admin', "pass'word\\");
      await cluster.takeBaseBackup();
      await cluster.stop();
      await cluster.start('own-instance-2');
      await (await bench.connect(cluster)).end();
      await cluster.stop();

      // the bench's own first look at the server may still be on its way when the listener begins
      const connects = lines.filter(
        ({ text }) => text.includes(',CONNECT,') && !text.includes(',own-instance-1,admin,'),
      );
      const users = new Set(connects.map(({ text }) => text.split(',').slice(1, 3).join(' ')));
      expect([...users].sort()).toEqual(['own-instance-1 rdsadmin', 'own-instance-2 admin']);
      expect(lines.filter(({ text }) => text.includes('pass'))).toEqual([]);
    },
    10 * 60_000,
  );
});
