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

const START = 1_767_862_800_000_000;
const SECOND = 1_000_000;

const SQL = {
  write: 'INSERT INTO orders VALUES (1)',
  read: 'SELECT 1',
  begin: 'BEGIN',
  commit: 'COMMIT',
  rollback: 'ROLLBACK',
  off: 'SET autocommit=0',
  on: 'SET autocommit=1',
  chain: "SET completion_type='CHAIN'",
  unchain: 'SET completion_type=0',
  ddl: 'CREATE INDEX i ON orders (a)',
  lock: 'LOCK TABLES orders READ',
  unlock: 'UNLOCK TABLES',
  save: 'SAVEPOINT a',
  back: 'ROLLBACK TO a',
  damage: 'DELETE FROM accounts',
} as const;

/** What one session does; the damage is one statement of one session. */
interface Step {
  readonly gap: number;
  readonly action: keyof typeof SQL;
}

const actions = Object.keys(SQL).filter((each) => each !== 'damage') as Step['action'][];
const step = fc.record({
  gap: fc.integer({ min: 1, max: 3 * SECOND }),
  action: fc.constantFrom(...actions),
});
const session = fc.array(step, { maxLength: 12 });

interface Truth {
  /** Instant at which a server following MySQL's rules makes the damage visible; null for never. */
  readonly effectAt: number | null;
  readonly open: boolean;
  readonly records: AuditRecord[];
}

/** Runs the sessions on a model of a server: each statement takes half of its gap, and commits end just before it does. */
function play(sessions: readonly (readonly Step[])[]): Truth {
  const lines: string[] = [];
  let effectAt: number | null = null;
  let open = false;
  sessions.forEach((steps, s) => {
    let at = START + s * 1000;
    let query = (s + 1) * 1000;
    let [autocommit, began, chains, locks, damageHeld] = [true, false, false, false, false];
    /** Whether the damage lay before the savepoint; null without one. */
    let savedDamage: boolean | null = null;
    const log = (text: string): void => void lines.push(`${at},db-1,user${s},10.0.0.1,${s + 1},${text}`);
    log('0,CONNECT,,,0');
    for (const { gap, action: done } of steps) {
      const startedAt = at + Math.ceil(gap / 2);
      at += gap;
      // a commit takes effect within the last second of its statement, and after its start
      const late = Math.max(startedAt, at - SECOND / 2);
      const end = (): void => {
        damageHeld = false;
        began = false;
        savedDamage = null;
      };
      const commit = (when: number): void => {
        if (damageHeld) effectAt = when;
        end();
      };
      let failed = false;
      switch (done) {
        case 'begin':
          commit(startedAt);
          began = true;
          locks = false;
          break;
        case 'commit':
          commit(late);
          began = chains;
          break;
        case 'rollback':
          end();
          began = chains;
          break;
        case 'on':
          // switching it on commits only where it was off
          if (!autocommit) commit(startedAt);
          autocommit = true;
          break;
        case 'off':
          autocommit = false;
          break;
        case 'chain':
        case 'unchain':
          chains = done === 'chain';
          break;
        case 'ddl':
          // a table that is locked for reading cannot be changed, but the commit has come
          commit(startedAt);
          break;
        case 'lock':
          commit(startedAt);
          locks = true;
          break;
        case 'unlock':
          if (locks) commit(startedAt);
          locks = false;
          break;
        case 'save':
          if (began || !autocommit) savedDamage = damageHeld;
          break;
        case 'back':
          failed = savedDamage === null;
          damageHeld &&= savedDamage ?? true;
          break;
        case 'damage':
          damageHeld = true;
          if (autocommit && !began) commit(late);
          break;
        case 'write':
        case 'read':
          break;
      }
      log(`${++query},QUERY,trading,'${SQL[done].replaceAll("'", "\\'")}',${failed ? 1305 : 0}`);
    }
    if (damageHeld) open = true;
  });
  const records = lines.map((text) => {
    const parsed = auroraMysql.parse({ text, recordedAt: null, stream: '' });
    if (typeof parsed === 'string') throw new Error(`not a record: ${text}`);
    return parsed;
  });
  return { effectAt, open, records };
}

function sourceOf(records: readonly AuditRecord[]): LogSource {
  return {
    name: 'memory',
    dialect: 'aurora-mysql',
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

function verdictOn(outcome: Awaited<ReturnType<typeof resolveIncident>>, { effectAt, open }: Truth): string {
  if (!outcome.ok) {
    const expected = open ? 'still-open' : 'rolled-back';
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

describe('random interleavings of sessions and transactions', () => {
  it('never restore to the damage, nor further before it than the stated interval', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(session, { minLength: 1, maxLength: 4 }),
        session,
        session,
        fc.integer({ min: 1, max: 3 * SECOND }),
        async (others, before, after, gap) => {
          const damaged = [...before, { gap, action: 'damage' as const }, ...after];
          const truth = play([...others, damaged]);
          // the log's lines lie in any order
          const shuffled = truth.records.toSorted((a, b) =>
            a.object + a.executedAt < b.object + b.executedAt ? -1 : 1,
          );
          const outcome = await resolveIncident(sourceOf(shuffled), options, tools);
          expect(verdictOn(outcome, truth)).toBe('right');
        },
      ),
      { numRuns: 1000 },
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
