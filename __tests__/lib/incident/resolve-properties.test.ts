import fc from 'fast-check';
import { auroraMysql } from '../../../lib/audit/aurora-mysql';
import { pgaudit } from '../../../lib/audit/pgaudit';
import { serverAudit } from '../../../lib/audit/server-audit';
import { inOrder, type AuditRecord } from '../../../lib/audit/audit-record';
import { tokenize } from '../../../lib/incident/sql-tokens';
import { analyseSql } from '../../../lib/incident/statements';
import { maskLiterals } from '../../../lib/incident/privacy';
import { resolveIncident } from '../../../lib/incident/resolve-incident';
import type { LogSource } from '../../../lib/audit/log-source';
import { selects } from '../../../lib/audit/selects';
import { accept, valueOf } from '../../../lib/errors';
import { parseInstant } from '../../../lib/time';
import { scanBytes } from '../audit/scan-bytes';
import { HARMLESS, play, SECOND, START, type Truth } from './mysql-model';

const step = fc.record({
  // small gaps are many statements within one second
  gap: fc.oneof(fc.integer({ min: 2, max: 3 * SECOND }), fc.integer({ min: 2, max: SECOND / 5 })),
  action: fc.constantFrom(...HARMLESS),
  tables: fc.boolean(),
});
const session = fc.array(step, { maxLength: 12 });

function sourceOf(records: readonly AuditRecord[], dialect: LogSource['dialect']): LogSource {
  return {
    name: 'memory',
    dialect,
    fetchRecords: (selection, take) => {
      records.filter((record) => selects(selection, record)).forEach(take);
      const seen = {
        newestAt: records.at(-1)?.executedAt ?? null,
        serverHosts: [],
        showsTransactionControl: true,
      };
      return Promise.resolve(accept({ records: records.length, unparsed: 0, bytes: 0, seen }));
    },
    fetchDelivery: () =>
      Promise.resolve(
        accept({ newestAt: null, completeUntil: null, lagMs: null, growing: false, serverHosts: [] }),
      ),
  };
}

const options = {
  cluster: 'c',
  window: { since: null, until: null },
  filter: { kind: 'any', table: null, user: null, match: null, connectionId: null, queryId: null },
  pick: null,
  marginMicros: SECOND,
  queryLogLimit: null,
  showLiterals: false,
  lookBackMicros: 0,
  wait: false,
} as const;
const tools = { tell: () => undefined, pause: () => Promise.resolve() };

function verdictOn(
  outcome: Awaited<ReturnType<typeof resolveIncident>>,
  { effectAt, open, failed, isUnclear }: Truth,
): string {
  if (!outcome.ok) {
    const expected = failed ? 'failed-statement' : open ? 'still-open' : 'rolled-back';
    if (isUnclear && outcome.refusal.reason === 'outcome-unknown') return 'right';
    if (effectAt !== null) return `refused as ${outcome.refusal.reason}, but it took effect`;
    return outcome.refusal.reason === expected
      ? 'right'
      : `refused as ${outcome.refusal.reason}, not as ${expected}`;
  }
  const { effect, restoreTo } = outcome.value;
  const micros = (text: string): number => valueOf(parseInstant(text));
  if (effectAt === null) return 'resolved what changed nothing';
  if (micros(restoreTo) >= effectAt) return 'the restore point includes the damage';
  if (micros(effect.earliestAt) > effectAt || micros(effect.latestAt) < effectAt)
    return 'the effect lies outside of its interval';
  return micros(effect.earliestAt) - micros(restoreTo) <= SECOND ? 'right' : 'the restore point is too early';
}

describe.each([
  ['aurora-mysql', 'in files'],
  ['server-audit', 'in files'],
  ['server-audit-at-start', 'in files'],
  ['server-audit', 'in CloudWatch'],
] as const)('random interleavings of sessions and transactions, logged as %s %s', (format, place) => {
  it('never restore to the damage, nor further before it than the stated interval', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(session, { minLength: 1, maxLength: 4 }),
        session,
        session,
        fc.record({
          gap: fc.integer({ min: 2, max: 3 * SECOND }),
          action: fc.constantFrom('damage', 'damage', 'damage', 'damage-fails'),
          tables: fc.boolean(),
        }),
        async (others, before, after, damage) => {
          // what is stamped at its start has ended by the next record
          const last =
            format === 'server-audit-at-start' ? [{ gap: 1, action: 'read', tables: false } as const] : [];
          const truth = play([...others, [...before, damage, ...after, ...last]], format);
          const inCloudWatch = place === 'in CloudWatch';
          // the log's lines lie in any order, but for whole seconds in files, where only that tells some of it
          const isOrdered = format !== 'aurora-mysql' && !inCloudWatch;
          const shuffled = truth.records.toSorted((a, b) =>
            isOrdered ? 0 : a.object + a.executedAt < b.object + b.executedAt ? -1 : 1,
          );
          const records = shuffled.map((each) => ({
            ...each,
            recordedAt: inCloudWatch ? each.executedAt : null,
          }));
          const dialect = format === 'aurora-mysql' ? format : 'server-audit';
          const outcome = await resolveIncident(sourceOf(records, dialect), options, tools);
          const changesUser = records.some(({ event }) => event === 'change-user');
          const isUnclear = truth.isUnclear || (inCloudWatch && changesUser);
          expect(verdictOn(outcome, { ...truth, isUnclear })).toBe('right');
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('lines of any content', () => {
  const destructive = { kind: 'destructive', window: { since: null, until: null } } as const;
  const alphabet = '\',\\\n\t"`;$-/*#()=\u0000é€ abcDELETE FROM t WHERE 1,QUERY,0123456789'.split('');
  const text = fc.array(fc.constantFrom(...alphabet), { maxLength: 200 }).map((chars) => chars.join(''));

  it('never crash a parser or the scanner of raw bytes', () => {
    fc.assert(
      fc.property(
        fc.array(text),
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 1, max: 64 }),
        (texts, noise, size) => {
          const lines = [
            `${START},a,b,c,1,2,QUERY,db,'${texts.join('')}`,
            ...texts,
            `20260101 00:00:00,${texts[0] ?? ''}`,
          ];
          const bytes = Buffer.concat([Buffer.from(lines.join('\n')), noise]);
          for (const dialect of [auroraMysql, serverAudit('UTC'), pgaudit]) {
            const blocks = scanBytes(bytes, dialect, destructive, size, 50);
            const records = blocks.flatMap((block) => [...block.records]);
            expect(blocks.reduce((sum, { facts }) => sum + facts.bytes, 0)).toBe(bytes.length);
            // where blocks begin makes no difference
            const whole = scanBytes(bytes, dialect, destructive, bytes.length);
            expect(records).toEqual(whole.flatMap((block) => [...block.records]));
            expect(inOrder(records).length).toBeLessThanOrEqual(records.length);
          }
        },
      ),
    );
  });

  it('are tokens, statements and masked texts', () => {
    fc.assert(
      fc.property(text, fc.constantFrom('mysql' as const, 'postgresql' as const), (sql, flavour) => {
        const { tokens } = tokenize(sql, flavour);
        for (const [i, { start, end }] of tokens.entries()) {
          expect(start).toBeLessThan(end);
          expect(start).toBeGreaterThanOrEqual(tokens[i - 1]?.end ?? 0);
        }
        expect(Array.isArray(analyseSql(sql, flavour))).toBe(true);
        const names = flavour === 'mysql' ? /`(?:[^`]|``)*`/g : /"(?:[^"]|"")*"/g;
        expect(maskLiterals(sql, flavour).replace(names, '')).not.toMatch(/'[^']+'/);
      }),
    );
  });

  it('of megabytes without an end are cut, not kept', () => {
    const bytes = Buffer.alloc(40 * 1024 * 1024, 'x');
    const [block] = scanBytes(bytes, auroraMysql, destructive, bytes.length, 1024 * 1024);
    expect(block?.facts.unparsed).toBeGreaterThan(1);
  });
});
