import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { AuditRecord } from '../../lib/audit/audit-record';
import { auroraMysql } from '../../lib/audit/aurora-mysql';
import type { LogSource } from '../../lib/audit/log-source';
import { selects } from '../../lib/audit/selects';
import { accept, valueOf } from '../../lib/errors';
import { resolveIncident } from '../../lib/incident/resolve-incident';
import { parseInstant } from '../../lib/time';
import type { AuditLine } from '../../sandbox/engines/database-cluster';
import type { MariaDbCluster } from '../../sandbox/engines/mariadb/cluster';
import { MariaDbBench } from '../sandbox/engines/mariadb/mariadb-bench';

/** What a real engine commits, when, and how it logs that, against what is resolved from its lines. */
jest.setTimeout(20 * 60_000);

/** The sandbox stamps a line as it reads it: so long after the statement's answer at the most. */
const STAMP_LATE_MICROS = 200_000;

/** Not SQL: the same user again, by a packet of its own. */
const CHANGE_USER = 'COM_CHANGE_USER';
/** Another session reads the table in a transaction: so long, beyond the margin, that a bound by the margin is wrong. */
const WAITS = 'ALTER TABLE u ADD COLUMN y INT';
const WAITS_MS = 2500;

const SESSIONS: Readonly<Record<string, readonly string[]>> = {
  'commits by itself': ['DELETE FROM t'],
  'commits at COMMIT': ['BEGIN', 'DELETE FROM t', 'SELECT 1', 'COMMIT'],
  'is rolled back': ['START TRANSACTION', 'DELETE FROM t', 'ROLLBACK'],
  'is rolled back by the end of the session': ['BEGIN', 'DELETE FROM t'],
  'waits for COMMIT with autocommit off': ['SET @@session.autocommit := OFF', 'DELETE FROM t', 'COMMIT WORK'],
  'is committed by autocommit switched on': ['SET autocommit=0', 'DELETE FROM t', 'SET SESSION autocommit=1'],
  'is committed by ALTER TABLE': ['BEGIN', 'DELETE FROM t', 'ALTER TABLE u ADD COLUMN x INT', 'ROLLBACK'],
  'is committed by DDL that waits for a lock': ['BEGIN', 'DELETE FROM t', WAITS, 'ROLLBACK'],
  'is committed by DDL that fails': ['BEGIN', 'DELETE FROM t', 'CREATE INDEX i ON nowhere (a)', 'ROLLBACK'],
  'is not committed by what cannot be read': ['BEGIN', 'DELETE FROM t', 'CREATE INDX i', 'ROLLBACK'],
  'is committed by LOCK TABLES': ['BEGIN', 'DELETE FROM t', 'LOCK TABLES u READ', 'UNLOCK TABLES'],
  'is not committed by UNLOCK TABLES alone': ['BEGIN', 'DELETE FROM t', 'UNLOCK TABLES', 'ROLLBACK'],
  'is committed by UNLOCK TABLES after LOCK TABLES': [
    'SET autocommit=0',
    'LOCK TABLES t WRITE',
    'DELETE FROM t',
    'UNLOCK TABLES',
    'ROLLBACK',
  ],
  'is committed by FLUSH': ['BEGIN', 'DELETE FROM t', 'FLUSH STATUS', 'ROLLBACK'],
  'is committed by RESET': ['BEGIN', 'DELETE FROM t', 'RESET QUERY CACHE', 'ROLLBACK'],
  'is committed by ANALYZE TABLE': ['BEGIN', 'DELETE FROM t', 'ANALYZE TABLE u', 'ROLLBACK'],
  'is not committed by ANALYZE of a statement': ['BEGIN', 'DELETE FROM t', 'ANALYZE SELECT 1', 'ROLLBACK'],
  'is not committed by a temporary table': [
    'BEGIN',
    'DELETE FROM t',
    'CREATE TEMPORARY TABLE x (id INT)',
    'DROP TEMPORARY TABLE x',
    'ROLLBACK',
  ],
  'is not committed by a refused STOP SLAVE': ['BEGIN', 'DELETE FROM t', 'STOP SLAVE', 'ROLLBACK'],
  'is committed by the next BEGIN': ['BEGIN', 'DELETE FROM t', 'BEGIN', 'ROLLBACK'],
  'is undone by a savepoint': ['BEGIN', 'SAVEPOINT a', 'DELETE FROM t', 'ROLLBACK WORK TO a', 'COMMIT'],
  'comes before the savepoint': [
    'BEGIN',
    'DELETE FROM t',
    'SAVEPOINT a',
    'ROLLBACK TO SAVEPOINT a',
    'COMMIT',
  ],
  'is in a chained transaction': [
    "SET completion_type='CHAIN'",
    'BEGIN',
    'COMMIT',
    'DELETE FROM t',
    'ROLLBACK AND NO CHAIN',
  ],
  'is chained by word': ['BEGIN', 'ROLLBACK AND CHAIN', 'DELETE FROM t', 'COMMIT'],
  'is in a two-phase transaction': [
    "XA START 'a'",
    'DELETE FROM t',
    "XA END 'a'",
    "XA PREPARE 'a'",
    'XA COMMIT "a",\'\',1',
  ],
  'is prepared as text': ["PREPARE p FROM 'DELETE FROM t'", 'EXECUTE p'],
  'is executed immediately': ["EXECUTE IMMEDIATE 'DELETE FROM t'"],
  'is run with settings of its own': ['SET STATEMENT max_statement_time=60 FOR DELETE FROM t'],
  'is run to be analyzed': ['ANALYZE FORMAT=JSON DELETE FROM t'],
  'is in an executable comment': ['/*!50001 DELETE FROM t */'],
  'is in a block': ['BEGIN NOT ATOMIC DELETE FROM t; END', 'INSERT INTO u (id) VALUES (1)', 'ROLLBACK'],
  'is in a procedure': ['CALL wipe()'],
  'is undone after a procedure that ends nothing': ['BEGIN', 'DELETE FROM t', 'CALL note()', 'ROLLBACK'],
  'is committed by a procedure': ['BEGIN', 'DELETE FROM t', 'CALL finish()', 'ROLLBACK'],
  'is committed by what was prepared': [
    "PREPARE p FROM 'COMMIT'",
    'BEGIN',
    'DELETE FROM t',
    'EXECUTE p',
    'ROLLBACK',
  ],
  'is in a packet of which another statement fails': ['DELETE FROM t; SELECT * FROM nowhere'],
  'is in a packet after one that fails': ['SELECT * FROM nowhere; DELETE FROM t'],
  'is between savepoints of the same name': [
    'BEGIN',
    'SAVEPOINT a',
    'DELETE FROM t',
    'SAVEPOINT A',
    'ROLLBACK TO a',
    'COMMIT',
  ],
  'is in a trigger': ['INSERT INTO v VALUES (1)'],
  'is in a trigger within a transaction': ['BEGIN', 'INSERT INTO v VALUES (2)', 'COMMIT'],
  'is in a trigger of a statement that fails': ['INSERT INTO w VALUES (1)'],
  'is in a trigger of a statement that fails within a transaction': [
    'BEGIN',
    'INSERT INTO u (id) VALUES (9)',
    'INSERT INTO w VALUES (1)',
    'COMMIT',
  ],
  'is in a function': ['SELECT empty_it()'],
  'is only explained': ['EXPLAIN DELETE FROM t'],
  fails: ['DELETE FROM t WHERE 1 = (SELECT 1 FROM nowhere)', 'DELETE FROM t LIMIT'],
  'hits every row by its list': ['DELETE FROM t WHERE 1 IN (1, 2)'],
  'is rolled back by a change of user': ['BEGIN', 'DELETE FROM t', CHANGE_USER, 'COMMIT'],
  'commits by itself after a change of user': ['SET autocommit=0', CHANGE_USER, 'DELETE FROM t', 'ROLLBACK'],
  'is a DROP of several tables that fails after it': ['DROP TABLE t, nowhere'],
  'is a DROP of several tables that fails before it': ['DROP TABLE nowhere, t'],
  'is a TRUNCATE within a transaction': ['BEGIN', 'TRUNCATE t', 'ROLLBACK'],
};

let bench: MariaDbBench;
let cluster: MariaDbCluster;
let observer: Connection;
const lines: AuditLine[] = [];

beforeAll(async () => {
  bench = await MariaDbBench.open();
  cluster = await bench.create('resolve');
  cluster.onAuditLine((line) => lines.push(line));
  observer = await bench.connect(cluster);
  await observer.query('SET SESSION lock_wait_timeout=1');
  await observer.query('CREATE TABLE t (id INT PRIMARY KEY) ENGINE=InnoDB');
  await observer.query('CREATE TABLE u (id INT PRIMARY KEY) ENGINE=InnoDB');
  await observer.query('CREATE PROCEDURE wipe() BEGIN START TRANSACTION; DELETE FROM t; COMMIT; END');
  await observer.query('CREATE PROCEDURE note() INSERT IGNORE INTO u (id) VALUES (7)');
  await observer.query('CREATE PROCEDURE finish() COMMIT');
  await observer.query('CREATE TABLE v (id INT PRIMARY KEY); CREATE TABLE w (id INT PRIMARY KEY)');
  await observer.query('CREATE TRIGGER v_wipes AFTER INSERT ON v FOR EACH ROW DELETE FROM t');
  await observer.query(
    "CREATE TRIGGER w_fails AFTER INSERT ON w FOR EACH ROW BEGIN DELETE FROM t; SIGNAL SQLSTATE '45000'; END",
  );
  await observer.query('CREATE FUNCTION empty_it() RETURNS INT BEGIN DELETE FROM t; RETURN 1; END');
}, 10 * 60_000);

afterAll(async () => {
  await observer.end();
  await bench.close();
}, 10 * 60_000);

interface Truth {
  /** Before and after the statement that let others see the damage; null where none did. */
  readonly visible: { readonly from: number; readonly to: number; readonly endedAt: number } | null;
  readonly records: readonly AuditRecord[];
}

async function play(statements: readonly string[]): Promise<Truth> {
  await observer.query('CREATE TABLE IF NOT EXISTS t (id INT PRIMARY KEY) ENGINE=InnoDB');
  await observer.query('INSERT IGNORE INTO t VALUES (1), (2), (3)');
  const session = await bench.connect(cluster);
  if (statements.includes(WAITS)) await observer.query('BEGIN; SELECT * FROM u');
  const { threadId } = session;
  let visible: Truth['visible'] = null;
  for (const sql of statements) {
    const from = Date.now() * 1000;
    const running = (sql === CHANGE_USER ? session.changeUser({}) : session.query(sql)).catch(
      () => undefined,
    );
    const seen = sql === WAITS ? await seenWhileLocked() : null;
    await running;
    const endedAt = Date.now() * 1000 + 999;
    if (visible === null && (seen !== null || (await rowsSeen()) === 0)) {
      visible = { from, to: seen ?? endedAt, endedAt };
    }
  }
  await session.end();
  const isLast = ({ text }: AuditLine): boolean => text.includes(`,${threadId},0,DISCONNECT,`);
  while (!lines.some(isLast)) await new Promise((resolve) => setTimeout(resolve, 20));
  const records = lines.flatMap(({ text }) => {
    const record = auroraMysql.parse({ text, recordedAt: null, stream: '' });
    return typeof record === 'object' && record.connectionId === String(threadId) ? [record] : [];
  });
  return { visible, records };
}

/** When the damage was seen while the observer's transaction still kept a statement waiting, which it then lets go. */
async function seenWhileLocked(): Promise<number | null> {
  const other = await bench.connect(cluster);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const [rows] = await other.query<(RowDataPacket & { n: number })[]>('SELECT COUNT(*) AS n FROM t');
  const seenAt = Date.now() * 1000 + 999;
  await other.end();
  await new Promise((resolve) => setTimeout(resolve, WAITS_MS));
  await observer.query('COMMIT');
  return rows[0]?.n === 0 ? seenAt : null;
}

/** Null while the table is locked; one that is dropped has none. */
async function rowsSeen(): Promise<number | null> {
  const [rows] = await observer
    .query<(RowDataPacket & { n: number })[]>('SELECT COUNT(*) AS n FROM t')
    .catch((error: unknown) => [isMissing(error) ? [{ n: 0 }] : []] as const);
  return rows[0]?.n ?? null;
}

function isMissing(error: unknown): boolean {
  return (Object(error) as { code?: unknown }).code === 'ER_NO_SUCH_TABLE';
}

function sourceOf(records: readonly AuditRecord[]): LogSource {
  return {
    name: 'lines',
    dialect: 'aurora-mysql',
    fetchRecords: (selection, take) => {
      for (const record of records) if (selects(selection, record)) take(record);
      const seen = { newestAt: null, serverHosts: [], showsTransactionControl: true };
      return Promise.resolve(accept({ records: records.length, unparsed: 0, bytes: 0, seen }));
    },
    fetchDelivery: () =>
      Promise.resolve(
        accept({ newestAt: null, completeUntil: null, lagMs: null, growing: false, serverHosts: [] }),
      ),
  };
}

const options = {
  cluster: 'resolve',
  window: { since: null, until: null },
  filter: { kind: 'any', table: null, user: null, match: null, connectionId: null, queryId: null },
  pick: null,
  marginMicros: 1_000_000,
  queryLogLimit: null,
  showLiterals: false,
  lookBackMicros: 0,
  wait: false,
} as const;

type Outcome = Awaited<ReturnType<typeof resolveIncident>>;

function verdictOn(outcome: Outcome, { visible }: Truth): string {
  if (!outcome.ok) {
    const { reason } = outcome.refusal;
    if (visible !== null) return `refused as ${reason}, but it took effect`;
    return ['rolled-back', 'failed-statement', 'nothing-found'].includes(reason) ? 'right' : reason;
  }
  if (visible === null) return 'resolved, but it changed nothing';
  const { restoreTo, effect, transaction, candidates } = outcome.value;
  const micros = (at: string | null): number => valueOf(parseInstant(at ?? ''));
  const latest = visible.to + STAMP_LATE_MICROS;
  if (candidates.length !== 1) return `${candidates.length} candidates for one statement`;
  if (micros(transaction.committedAt) < visible.from) return 'resolved to a statement before';
  if (micros(transaction.committedAt) > visible.endedAt + STAMP_LATE_MICROS)
    return 'resolved to a statement after';
  if (micros(effect.earliestAt) > latest || micros(effect.latestAt) < visible.from)
    return 'the effect lies outside of its interval';
  return micros(restoreTo) < visible.from + STAMP_LATE_MICROS ? 'right' : 'restores to the damage';
}

test.each(Object.entries(SESSIONS))('a DELETE that %s', async (_what, statements) => {
  const truth = await play(statements);
  const outcome = await resolveIncident(sourceOf(truth.records), options, {
    tell: () => undefined,
    pause: () => Promise.resolve(),
  });
  expect(verdictOn(outcome, truth)).toBe('right');
});
