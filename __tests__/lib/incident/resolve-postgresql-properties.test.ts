import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { resolveCase } from '../../cases/run-case';

/**
 * Random sessions of PostgreSQL with a known truth, as pgaudit and the server log them: a statement
 * before it runs, and a failure after it, of statements that are audited and that cannot be parsed, and
 * the end of a session that the server or a lost client brings about, after which another one has its number.
 */
const ACTIONS = [
  ...['begin', 'commit', 'rollback', 'savepoint', 'rollback-to', 'other', 'damage'],
  ...['failing', 'unparsed', 'failing-damage', 'failing-commit'],
  ...['terminated', 'lost-client'],
] as const;
type Action = (typeof ACTIONS)[number];

interface Step {
  readonly action: Action;
  readonly gapMs: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  action: fc.constantFrom(...ACTIONS.filter((action) => !action.includes('damage'))),
  gapMs: fc.integer({ min: 1, max: 2500 }),
});
const session = fc
  .tuple(
    fc.array(step, { maxLength: 6 }),
    fc.constantFrom('damage' as const, 'failing-damage' as const),
    fc.array(step, { maxLength: 8 }),
  )
  .map(([before, action, after]): Step[] => [...before, { action, gapMs: 700 }, ...after]);

const START_MS = Date.UTC(2026, 0, 8, 9, 0, 0);

/** What the server does: 'open' while the transaction has not ended. */
type Truth = { readonly kind: 'none' | 'open' } | { readonly kind: 'committed'; readonly stampMs: number };

interface Server {
  truth: Truth;
  inTransaction: boolean;
  aborted: boolean;
  hasDamage: boolean;
  savepoint: { readonly hasDamage: boolean } | null;
}

function play(
  steps: readonly Step[],
  hasMillis: boolean,
  logsOnce: boolean,
): { lines: string[]; truth: Truth } {
  const lines: string[] = [];
  let [at, id] = [START_MS, 0];
  const server: Server = {
    ...{ truth: { kind: 'none' }, inTransaction: false, aborted: false, hasDamage: false, savepoint: null },
  };
  const log = (level: string, text: string): void => {
    const time = new Date(at)
      .toISOString()
      .slice(0, hasMillis ? 23 : 19)
      .replace('T', ' ');
    lines.push(`${time} UTC:10.0.0.1(50000):admin@trading:[42]:${level}:  ${text}`);
  };
  const audit = (of: string, sql: string): void => {
    log('LOG', `AUDIT: SESSION,${++id},1,${of},,,${sql},<not logged>`);
    // as pgaudit.log_relation and log_statement_once have it for what touches a second relation
    if (logsOnce && of.startsWith('WRITE'))
      log('LOG', `AUDIT: SESSION,${id},1,${of},TABLE,public.a_1,<previously logged>,<previously logged>`);
  };
  const fail = (sql: string): void => {
    log('ERROR', 'something failed');
    log('STATEMENT', sql);
    server.aborted = server.inTransaction;
  };
  const end = (commits: boolean): void => {
    if (server.hasDamage)
      server.truth = commits && !server.aborted ? { kind: 'committed', stampMs: at } : { kind: 'none' };
    Object.assign(server, { inTransaction: false, aborted: false, hasDamage: false, savepoint: null });
  };
  log('LOG', 'connection authorized: user=admin database=trading');
  for (const { action, gapMs } of steps) {
    at += gapMs;
    // in an aborted transaction nothing is run, so that nothing is audited
    const refuses =
      server.aborted && !['commit', 'rollback', 'rollback-to', 'failing-commit'].includes(action);
    switch (action) {
      case 'begin':
        if (refuses) fail('BEGIN');
        else if (!server.inTransaction) {
          audit('MISC,BEGIN', 'BEGIN');
          server.inTransaction = true;
        }
        break;
      case 'commit':
        audit('MISC,COMMIT', 'COMMIT');
        end(true);
        break;
      case 'failing-commit':
        audit('MISC,COMMIT', 'COMMIT');
        if (server.inTransaction && !server.aborted) {
          log('ERROR', 'violates foreign key constraint');
          log('STATEMENT', 'COMMIT');
        }
        end(false);
        break;
      case 'rollback':
        audit('MISC,ROLLBACK', 'ROLLBACK');
        end(false);
        break;
      case 'savepoint':
        if (!server.inTransaction || server.aborted) break;
        audit('MISC,SAVEPOINT', 'SAVEPOINT a');
        server.savepoint = { hasDamage: server.hasDamage };
        break;
      case 'rollback-to':
        if (server.savepoint === null) break;
        audit('MISC,ROLLBACK', 'ROLLBACK TO a');
        if (server.hasDamage && !server.savepoint.hasDamage) server.truth = { kind: 'none' };
        server.hasDamage = server.savepoint.hasDamage;
        server.aborted = false;
        break;
      case 'other':
        if (refuses) fail('UPDATE t SET a = 1 WHERE id = 5');
        else audit('WRITE,UPDATE', 'UPDATE t SET a = 1 WHERE id = 5');
        break;
      case 'damage':
        if (refuses) {
          fail('DELETE FROM accounts');
          break;
        }
        audit('WRITE,DELETE', 'DELETE FROM accounts');
        if (server.inTransaction) server.hasDamage = true;
        else server.truth = { kind: 'committed', stampMs: at };
        break;
      case 'failing-damage':
        if (!refuses) audit('WRITE,DELETE', 'DELETE FROM accounts');
        at += 300;
        fail('DELETE FROM accounts');
        break;
      case 'failing':
        if (!refuses) audit('WRITE,UPDATE', 'UPDATE t SET a = 1 / b WHERE id = 6');
        at += 300;
        fail('UPDATE t SET a = 1 / b WHERE id = 6');
        break;
      case 'lost-client':
      case 'terminated':
        // a client that is lost outside of a transaction leaves no line
        if (action === 'terminated') log('FATAL', 'terminating connection due to administrator command');
        else if (server.inTransaction)
          log('LOG', 'unexpected EOF on client connection with an open transaction');
        else break;
        end(false);
        at += 1;
        id = 0;
        log('LOG', 'connection authorized: user=admin database=trading');
        break;
      case 'unparsed':
        fail('SELECT * FROM nowhere');
        break;
    }
  }
  if (server.hasDamage) server.truth = server.aborted ? { kind: 'none' } : { kind: 'open' };
  return { lines, truth: server.truth };
}

interface Answer {
  readonly restoreTo?: string;
  readonly effect?: { readonly earliestAt: string; readonly latestAt: string };
  readonly refused?: { readonly reason: string };
}

function verdictOn({ refused, restoreTo = '', effect }: Answer, truth: Truth): string {
  if (truth.kind !== 'committed') {
    if (refused === undefined) return 'resolved, but nothing was destroyed';
    // a transaction that failed can only be rolled back, whether its end is in the log or not
    return ['rolled-back', 'failed-statement', 'still-open', 'nothing-found'].includes(refused.reason)
      ? 'right'
      : `refused as ${refused.reason}, but nothing was destroyed`;
  }
  if (refused !== undefined) return `refused as ${refused.reason}, but it was committed`;
  const restoreMs = Date.parse(restoreTo);
  if (restoreMs >= truth.stampMs) return 'restores to the damage';
  if (truth.stampMs < Date.parse(effect?.earliestAt ?? '')) return 'the effect came before its interval';
  if (truth.stampMs > Date.parse(effect?.latestAt ?? '')) return 'the effect came after its interval';
  return truth.stampMs - restoreMs <= 2000 ? 'right' : 'restores too far before';
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'resolve-properties-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test(
  'random sessions with failures are resolved to their commit, or refused where nothing was destroyed',
  async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(session, fc.boolean(), fc.boolean(), async (steps, hasMillis, logsOnce) => {
        const { lines, truth } = play(steps, hasMillis, logsOnce);
        const file = path.join(folder, `${run++ % 10}.log`);
        const others = `2026-01-08 10:00:00 UTC:10.0.0.2(1):app@trading:[7]:LOG:  AUDIT: SESSION,1,1,MISC,COMMIT,,,COMMIT,<not logged>`;
        writeFileSync(file, [...lines, others, ''].join('\n'));
        const answer = await resolveCase(['--source', 'file', '--log-file', file, '--dialect', 'pgaudit']);
        expect(verdictOn(answer, truth)).toBe('right');
      }),
      { numRuns: 400 },
    );
  },
  10 * 60_000,
);
