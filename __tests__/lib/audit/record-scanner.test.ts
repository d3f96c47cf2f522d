import fc from 'fast-check';
import type { AuditRecord } from '../../../lib/audit/audit-record';
import { auroraMysql } from '../../../lib/audit/aurora-mysql';
import type { Selection } from '../../../lib/audit/log-source';
import { RecordScanner } from '../../../lib/audit/record-scanner';
import { selects } from '../../../lib/audit/selects';
import { candidatesIn } from '../../../lib/incident/candidates';
import { epochMicros } from '../../../lib/time';

const START = 1_767_862_800_000_000;
const everything = { since: null, until: null };
const filter = {
  kind: 'any',
  table: null,
  user: null,
  match: null,
  connectionId: null,
  queryId: null,
} as const;

/** Statements made of parts that decide whether they destroy, in any combination, sensible or not. */
const sql = fc
  .tuple(
    fc.constantFrom('', ' ', '/* x */ ', '-- y\n', '(', '/*!50000 '),
    fc.constantFrom(
      'delete',
      'DELETE FROM',
      'Update',
      'TRUNCATE',
      'drop table',
      'SELECT',
      'insert into',
      'with x as (delete from',
      'frob',
      'SET',
      'alter table',
    ),
    fc.constantFrom(' t', ' `t`', ' s.t', ' t a', ''),
    fc.constantFrom(
      '',
      ' set a=1',
      " set a='x', b=now(6)",
      " SET a='where b=1'",
      ' set a=(select b from c where d=1)',
      ' values (1)',
    ),
    fc.constantFrom(
      '',
      ' where 1',
      ' WHERE id=5',
      ' where id = id',
      ' where a=1 or 1=1',
      " where 'a'='a'",
      ' where id in (1,2)',
      ' where id>=id',
      ' where not 0',
    ),
    fc.constantFrom('', ';', '; delete from t', ' limit 1', ' -- where id=1'),
  )
  .map((parts) => parts.join(''));

const lineOf = (at: number, connection: number, text: string): string =>
  `${START + at},db-1,app,10.0.0.1,${connection},${at + 1},QUERY,db,'${text.replace(/['\\]/g, '\\$&').replaceAll('\n', '\\n')}',0`;

function scan(bytes: Buffer, selection: Selection, chunk: number, disorder: number | null): AuditRecord[] {
  const records: AuditRecord[] = [];
  const scanner = new RecordScanner(auroraMysql, selection, (record) => records.push(record), disorder);
  for (let at = 0; at < bytes.length; at += chunk) scanner.push(bytes.subarray(at, at + chunk));
  scanner.end();
  return records;
}

function parseAll(lines: readonly string[]): AuditRecord[] {
  return lines.map((text) => {
    const parsed = auroraMysql.parse({ text, recordedAt: null, stream: '' });
    if (typeof parsed === 'string') throw new Error(text);
    return parsed;
  });
}

test('looking at bytes first hides no candidate', () => {
  fc.assert(
    fc.property(
      fc.array(sql, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 20, max: 400 }),
      (statements, chunk) => {
        const lines = statements.map((text, i) => lineOf(i, 7, text));
        const candidates = (records: readonly AuditRecord[]): string[] =>
          records.flatMap((record) =>
            candidatesIn(record, 'mysql', filter, null).map(
              ({ facts }) => `${String(record.queryId)} ${facts.kind}`,
            ),
          );
        const scanned = scan(
          Buffer.from(`${lines.join('\n')}\n`),
          { kind: 'destructive', window: everything },
          chunk,
          null,
        );
        expect(candidates(scanned)).toEqual(candidates(parseAll(lines)));
      },
    ),
    { numRuns: 2000 },
  );
});

test('passing over chunks gives the same records', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(20), fc.nat(30)), { minLength: 1, maxLength: 100 }),
      fc.nat(30),
      fc.nat(1500),
      fc.integer({ min: 20, max: 900 }),
      (parts, jitter, since, chunk) => {
        let at = 0;
        const lines = parts.map(([gap, connection], i) =>
          lineOf((at += gap) + ((i * 13) % (jitter + 1)), connection, 'COMMIT'),
        );
        const bytes = Buffer.from(`${lines.join('\n')}\n`);
        const window = { since: epochMicros(START + since), until: null };
        const connections = [{ serverHost: 'db-1', connectionId: '7' }];
        for (const selection of [
          { kind: 'writes', window } as const,
          { kind: 'connections', window, connections } as const,
        ]) {
          const expected = parseAll(lines).filter((record) => selects(selection, record));
          expect(scan(bytes, selection, chunk, jitter)).toEqual(expected);
        }
      },
    ),
    { numRuns: 500 },
  );
});
