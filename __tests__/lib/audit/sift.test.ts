import fc from 'fast-check';
import type { AuditRecord } from '../../../lib/audit/audit-record';
import { auroraMysql } from '../../../lib/audit/aurora-mysql';
import { showsTransactionControl } from '../../../lib/audit/delivery';
import { LineIndex } from '../../../lib/audit/line-index';
import { noteConnection, numberOf } from '../../../lib/audit/log-blocks';
import { LineJoiner } from '../../../lib/audit/log-lines';
import type { Selection } from '../../../lib/audit/log-source';
import { KIND, MysqlRow, STATEMENT_KINDS } from '../../../lib/audit/mysql-row';
import { selects } from '../../../lib/audit/selects';
import { epochMicros } from '../../../lib/time';
import { scanBytes } from './scan-bytes';
import { lineOf, START } from './statements';

const lines = new LineIndex();
const everything = { since: null, until: null };

/** Whether `sift` passes over a statement because of its condition; the lines around it show where it begins and ends. */
function passesOver(sql: string): boolean {
  const other = `${START},db-1,app,10.0.0.1,1,1,QUERY,db,'SELECT 1',0\n`;
  const log = Buffer.from(
    `${other}${START},db-1,app,10.0.0.1,7,2,QUERY,db,'${sql}',0\n${other}${other}`,
    'latin1',
  );
  lines.reserve(log.length);
  log.copy(lines.bytes, lines.begin);
  lines.beginSift({
    since: -Infinity,
    until: Infinity,
    passedOver: KIND.conditional | KIND.read,
    statementKinds: STATEMENT_KINDS,
    connections: null,
  });
  const end = lines.begin + log.length;
  lines.sift(lines.begin, end, end);
  // the first record is of a new host
  return lines.siftedRows === 1;
}

/** As the bytes of a statement are looked at where they are not sifted. */
function isSelective(sql: string): boolean {
  const log = Buffer.from(`${START},db-1,app,10.0.0.1,7,2,QUERY,db,'${sql}',0\n`, 'latin1');
  lines.reserve(log.length);
  log.copy(lines.bytes, lines.begin);
  expect(lines.index(lines.begin, lines.begin + log.length)).toBe(1);
  const row = new MysqlRow();
  row.read(lines.bytes, lines.rows, 0);
  return !row.maySelect({ kind: 'destructive', window: everything });
}

test.each([
  String.raw`UPDATE orders SET state = \'shipped, tracked\', changed_at = NOW(6) WHERE id = 71`,
  String.raw`DELETE FROM sessions WHERE token = \'5n52q5n52q\'`,
  String.raw`update s.t set a=1 where b>=2 and c=\'order\' and floor=3`,
  'delete from `t` where  a <5 limit 1',
])('a condition that leaves rows alone needs no closer look: %s', (sql) => {
  expect(passesOver(sql)).toBe(true);
  expect(isSelective(sql)).toBe(true);
});

test(
  'sifting passes over no statement that a closer look would not',
  () => {
    const part = fc.constantFrom(
      ...[
        't',
        'where',
        'WHERE',
        ' where ',
        ' where id = ',
        ' set ',
        ' set a = ',
        ' or ',
        'or',
        '||',
        '|',
        ' and ',
      ],
      ...[
        '=',
        '<',
        '>',
        '>=',
        '<>',
        '1',
        '0',
        ' ',
        '\t',
        ',',
        '(',
        ')',
        '(select 1)',
        '( select',
        'now(6)',
        ';',
      ],
      ...[
        String.raw`\'`,
        String.raw`\'x\'`,
        String.raw`\'a\\b\'`,
        "'",
        '"',
        '\\',
        '-',
        '--',
        '#',
        '/',
        '/*',
        '\u00a0',
      ],
      ...[
        'id',
        ' id',
        'id = id',
        'true',
        'true = ',
        'not ',
        'null',
        'false',
        'notes',
        'token = ',
        '`a`',
        's.t',
        'x9',
      ],
      ...[' is ', ' in (1)', ' like ', 'ror', 'or1', '_or', 'oR ', '\u00ffor\u00ff', 'e'],
    );
    const begin = fc.constantFrom(
      ...[
        'update t set a = 1',
        'UPDATE t SET ',
        'update ',
        'delete from t',
        'DELETE\tFROM t where id = ',
        'delete ',
      ],
      ...[
        'update t set a = 1 where id = 5',
        'delete from t where id = 1 ',
        'update t set a = 1 where id = ',
        'delete from t where ',
        'deletes from t where id=1',
        'update t where id=1',
      ],
    );
    const seen = { passed: 0, kept: 0 };
    fc.assert(
      fc.property(begin, fc.array(part, { maxLength: 8 }), (first, parts) => {
        const sql = first + parts.join('');
        const passed = passesOver(sql);
        seen[passed ? 'passed' : 'kept']++;
        expect(passed && !isSelective(sql)).toBe(false);
      }),
      { numRuns: 8_000 },
    );
    expect(seen.passed).toBeGreaterThan(100);
    expect(seen.kept).toBeGreaterThan(100);
  },
  10 * 60_000,
);

/** What a block's scan gives, by parsing every line. */
function plainScan(log: string, selection: Selection) {
  const joiner = new LineJoiner(auroraMysql);
  const texts = [...log.split('\n').flatMap((line) => joiner.take(line.replace(/\r$/, ''))), ...joiner.end()];
  const parsed = texts
    .filter((text) => text !== '')
    .map((text) => auroraMysql.parse({ text, recordedAt: null, stream: '' }));
  const records = parsed.filter((each) => typeof each !== 'string');
  const connections = new Uint32Array(128);
  for (const { connectionId } of records) noteConnection(connections, numberOf(connectionId));
  const times = records.map(({ executedAt }) => executedAt);
  return {
    records: records.filter((record) => selects(selection, record)),
    facts: {
      bytes: log.length,
      records: records.length,
      unparsed: parsed.filter((each) => each === 'unparsed').length,
      oldestAt: times.length === 0 ? null : Math.min(...times),
      newestAt: times.length === 0 ? null : Math.max(...times),
      serverHosts: new Set(records.map(({ serverHost }) => serverHost)),
      showsTransactionControl: records.some(showsTransactionControl),
      connections,
    },
  };
}

test(
  'a block that is sifted gives what parsing every line gives',
  () => {
    const record = fc
      .tuple(
        fc.nat(5_000_000),
        fc.constantFrom('db-1', 'db-2', 'a-server-with-a-name-of-more-than-16-bytes', 'x'.repeat(300), ''),
        fc.constantFrom('0', '7', '4103', '1234567', '12345678', '4294967297'),
        fc.constantFrom(
          ...['CONNECT,,,0', 'DISCONNECT,db,,0', 'CHANGEUSER,db,,0', 'READ,db,orders,', 'DROP,db,orders,'],
          ...["QUERY,db,'COMMIT',0", "QUERY,db,'DELETE FROM t',0", "QUERY,db,'set a=1',0\r", "QUERY,db,'',0"],
          ...["QUERY,db,'SELECT 1; COMMIT',0", "QUERY,db,'SELECT 2;',0", "QUERY,db,'  BEGIN',0"],
          ...["QUERY,db,'xa commit 1',0", "QUERY,db,'UPDATE t\nSET a = 1\n WHERE b = 2',1064"],
          `QUERY,${'d'.repeat(150)},'SELECT ${'x'.repeat(200)};',0`,
        ),
      )
      .map(([at, host, connection, rest]) => `${START + at},${host},app,10.0.0.1,${connection},9,${rest}\n`);
    const other = fc.constantFrom(
      'no record\n',
      `${START},db-1,app\n`,
      `${lineOf(1, 7, 'BEGIN').slice(1)}\n`,
    );
    const window = { since: epochMicros(START + 1_000_000), until: epochMicros(START + 4_000_000) };
    const connections = [{ serverHost: 'db-1', connectionId: '7' }];
    const selection = fc.constantFrom<Selection>(
      { kind: 'writes', window },
      { kind: 'connections', window: everything, connections },
      { kind: 'connections', window, connections },
      { kind: 'control', window: everything },
      { kind: 'two-phase-ends', window },
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 9, arbitrary: record }, { weight: 1, arbitrary: other }), {
          minLength: 1,
          maxLength: 40,
        }),
        selection,
        fc.integer({ min: 100, max: 3000 }),
        (parts, chosen, piece) => {
          const log = `${lineOf(0, 1, 'SELECT 2')}\n${parts.join('')}`;
          const [block] = scanBytes(Buffer.from(log), auroraMysql, chosen, log.length, piece);
          // what only reads, or sets what does not matter, may be given or not
          const matters = (each: AuditRecord): boolean =>
            selects(chosen, each) &&
            !(chosen.kind === 'writes' && /^(?:set a=1|SELECT [2x]+;?)$/.test(each.object));
          const plain = plainScan(log, chosen);
          // where nobody asks for a record, nobody looks behind its white space
          const showsTransactionControl =
            chosen.kind === 'control' && plain.facts.showsTransactionControl
              ? true
              : block?.facts.showsTransactionControl;
          expect({
            facts: { ...block?.facts, serverHosts: new Set(block?.facts.serverHosts) },
            records: block?.records.filter(matters),
          }).toEqual({
            facts: { ...plain.facts, showsTransactionControl },
            records: plain.records.filter(matters),
          });
        },
      ),
      { numRuns: 500 },
    );
  },
  10 * 60_000,
);

test('rows that are full are no end of sifting', () => {
  const log = Array.from({ length: 20_000 }, (_, i) => lineOf(i, 7, 'DELETE FROM t')).join('\n');
  const blocks = scanBytes(
    Buffer.from(`${log}\n`),
    auroraMysql,
    { kind: 'destructive', window: everything },
    10_000_000,
    10_000_000,
  );
  expect(blocks.flatMap(({ records }) => records)).toHaveLength(20_000);
});

test.each([
  'DELETE FROM t WHERE id > 0',
  'DELETE FROM t WHERE id >= 1 AND a = 5',
  'DELETE FROM t WHERE id <> 1.5',
  String.raw`DELETE FROM t WHERE id <> \'\'`,
  String.raw`DELETE FROM t WHERE id > \'0\'`,
  'UPDATE t SET a = 1 WHERE id = 0 + id',
  'UPDATE t SET a = 1 WHERE id = 5 = 0',
  'UPDATE t SET a = 1 WHERE id = 0 IS NOT NULL',
  'DELETE FROM t WHERE id IN (SELECT id FROM t)',
  'DELETE FROM t WHERE id IN (1, id)',
  'DELETE FROM t WHERE id = 5 andy',
])('takes a closer look: %s', (sql) => {
  expect(passesOver(sql)).toBe(false);
  expect(isSelective(sql)).toBe(false);
});
