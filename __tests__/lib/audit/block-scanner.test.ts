import fc from 'fast-check';
import type { AuditRecord } from '../../../lib/audit/audit-record';
import { auroraMysql } from '../../../lib/audit/aurora-mysql';
import { pgaudit } from '../../../lib/audit/pgaudit';
import type { Selection } from '../../../lib/audit/log-source';
import { mayHold } from '../../../lib/audit/log-blocks';
import { selects } from '../../../lib/audit/selects';
import { CandidateFinder } from '../../../lib/incident/candidate-finder';
import { epochMicros } from '../../../lib/time';
import { scanBytes } from './scan-bytes';
import { lineOf, START, statements } from './statements';

const everything = { since: null, until: null };
const filter = {
  kind: 'any',
  table: null,
  user: null,
  match: null,
  connectionId: null,
  queryId: null,
} as const;

const scan = (bytes: Buffer, selection: Selection, blockBytes: number): AuditRecord[] =>
  scanBytes(bytes, auroraMysql, selection, blockBytes).flatMap(({ records }) => records);

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
      fc.array(statements, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 20, max: 400 }),
      (texts, chunk) => {
        const lines = texts.map((text, i) => lineOf(i, 7, text));
        const candidates = (records: readonly AuditRecord[]): string[] =>
          records.flatMap((record) => {
            const finder = new CandidateFinder('mysql', filter, null);
            finder.take(record);
            return finder.candidates().map(({ facts }) => `${String(record.queryId)} ${facts.kind}`);
          });
        const scanned = scan(
          Buffer.from(`${lines.join('\n')}\n`),
          { kind: 'destructive', window: everything },
          chunk,
        );
        expect(candidates(scanned)).toEqual(candidates(parseAll(lines)));
      },
    ),
    { numRuns: 2000 },
  );
});

test('blocks that may hold nothing of a selection hold nothing of it, and all together everything', () => {
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
          const blocks = scanBytes(bytes, auroraMysql, selection, chunk);
          expect(blocks.flatMap(({ records }) => records)).toEqual(expected);
          const unneeded = blocks.filter(({ facts }) => !mayHold(facts, selection));
          expect(unneeded.flatMap(({ records }) => records)).toEqual([]);
          expect(blocks.reduce((sum, { facts }) => sum + facts.records, 0)).toBe(lines.length);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('looking at bytes first hides no candidate of pgaudit either', () => {
  const pgauditLine = (i: number, text: string): string =>
    `2026-01-08 09:00:${String(i % 60).padStart(2, '0')} UTC:10.0.0.1(5):app@shop:[7]:LOG:  AUDIT: SESSION,${i + 1},1,WRITE,UPDATE,,,"${text.replaceAll('"', '""')}",<not logged>`;
  fc.assert(
    fc.property(
      fc.array(statements, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 20, max: 600 }),
      (texts, blockBytes) => {
        // what spans lines is put together as text in any case
        const lines = texts.map((text, i) => pgauditLine(i, text.replaceAll('\n', ' ')));
        const candidates = (records: readonly AuditRecord[]): string[] =>
          records.flatMap((record) => {
            const finder = new CandidateFinder('postgresql', filter, null);
            finder.take(record);
            return finder.candidates().map(({ facts }) => `${String(record.queryId)} ${facts.kind}`);
          });
        const blocks = scanBytes(
          Buffer.from(`${lines.join('\n')}\n`),
          pgaudit,
          { kind: 'destructive', window: everything },
          blockBytes,
        );
        const parsed = lines.map((text) => pgaudit.parse({ text, recordedAt: null, stream: '' }));
        const all = parsed.filter((each): each is AuditRecord => typeof each !== 'string');
        expect(all).toHaveLength(lines.length);
        expect(candidates(blocks.flatMap(({ records }) => [...records]))).toEqual(candidates(all));
        expect(blocks.reduce((sum, { facts }) => sum + facts.records, 0)).toBe(lines.length);
      },
    ),
    { numRuns: 1000 },
  );
});

test('records of pgaudit made from bytes are those that its text gives', () => {
  const prefix = fc
    .tuple(
      fc.constantFrom('UTC', 'GMT'),
      fc.constantFrom('10.0.0.1(5)', '[local]', 'fe80::1(7)', '', 'a b(1)'),
      fc.constantFrom('app', 'größe', 'a:b', '', 'x y', 'o"x'),
      fc.constantFrom('shop', '', 'a@b', 'größe'),
      fc.constantFrom('7', '007', '70000'),
      fc.constantFrom('LOG:  ', 'LOG: ', 'LOG:', ' LOG:  ', 'ERROR:  ', 'STATEMENT:  '),
    )
    .map(([zone, host, user, database, id, level]) => `${zone}:${host}:${user}@${database}:[${id}]:${level}`);
  const body = fc
    .tuple(
      fc.constantFrom('SESSION', 'OBJECT', 'SESSIONS'),
      fc.constantFrom('1', '12345678901', '', 'x'),
      fc.constantFrom('WRITE,UPDATE', 'MISC,PREPARE', 'MISC,COMMIT', 'DDL,"DROP, TABLE"'),
      fc.constantFrom('', 'public.t', '"a,b"'),
      fc.constantFrom(
        'UPDATE t SET a=1',
        'COMMIT',
        ' "x""y"',
        '" UPDATE t SET a=\'ö\', b"',
        '"prepare s as delete from t"',
        '"a"b',
        '"',
        '',
      ),
      fc.constantFrom(',<not logged>', ',<none>', ',"1,2"', ',<not logged>,3', ',<not logged>,3,4', '', ',x'),
      fc.constantFrom('', '\r', ' ', ',', '\ty'),
    )
    .map(
      ([kind, id, of, name, text, tail, end]) =>
        `AUDIT: ${kind},${id},1,${of},TABLE,${name},${text}${tail}${end}`,
    );
  const line = fc
    .tuple(fc.nat(59), prefix, body)
    .map(([second, ...rest]) => `2026-01-08 09:00:${String(second).padStart(2, '0')} ${rest.join('')}`);
  const selection = { kind: 'writes', window: everything } as const;
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 20 }), (lines) => {
      const bytes = Buffer.from(`${lines.join('\n')}\n`);
      const scanned = scanBytes(bytes, pgaudit, selection, bytes.length);
      const parsed = lines.map((text) =>
        pgaudit.parse({ text: text.replace(/\r$/, ''), recordedAt: null, stream: '' }),
      );
      const expected = parsed.filter((each): each is AuditRecord => typeof each !== 'string');
      expect(scanned.flatMap(({ records }) => records)).toEqual(expected);
    }),
    { numRuns: 3000 },
  );
});
