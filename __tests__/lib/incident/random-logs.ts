import fc from 'fast-check';
import { openLogFiles } from '../../../lib/audit/log-files';
import { valueOf } from '../../../lib/errors';
import { resolveIncident } from '../../../lib/incident/resolve-incident';
import type { LostWrite } from '../../../lib/incident/render-export';

const START = 1_767_862_800_000_000;

const SQL = [
  'BEGIN',
  'COMMIT',
  'commit ;',
  'ROLLBACK',
  'SET autocommit=0',
  'SET autocommit=1',
  'SET NAMES utf8mb4',
  'INSERT INTO orders VALUES (1)',
  'insert ignore into `orders`(a) values (2)',
  "UPDATE orders SET note = 'a;b' WHERE id = 5",
  "UPDATE orders SET note = 'x' WHERE id = 6",
  'update s.orders set a=1 where id in (1,2)',
  "DELETE FROM sessions WHERE token = 'é'",
  'DELETE FROM sessions WHERE id = 1; UPDATE t SET a=1 WHERE b=2',
  'REPLACE INTO kv VALUES (1)',
  'SELECT 1',
  'CALL x()',
  'CREATE TABLE q (a int)',
] as const;
const INCIDENT = ['BEGIN', 'DELETE FROM accounts', 'SELECT 2', 'COMMIT'] as const;

interface Step {
  readonly gap: number;
  readonly back: number;
  readonly connection: number;
  readonly text: string | null;
  readonly shape: 'line' | 'crlf' | 'twice' | 'several-lines' | 'noise' | 'cut' | 'table' | 'reconnect';
}

const step: fc.Arbitrary<Step> = fc.record({
  gap: fc.nat(3000),
  back: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(9000)),
  connection: fc.nat(6),
  text: fc.constantFrom(...SQL),
  shape: fc.oneof(
    { weight: 8, arbitrary: fc.constant('line' as const) },
    fc.constantFrom('crlf' as const, 'twice', 'several-lines', 'noise', 'cut', 'table', 'reconnect'),
  ),
});

/**
 * A log of Aurora MySQL of random sessions with one incident among them: lines out of order,
 * delivered twice, of several lines, cut, of any bytes, with any line breaks.
 */
export const randomLog: fc.Arbitrary<Buffer> = fc
  .tuple(fc.array(step, { minLength: 60, maxLength: 200 }), fc.boolean())
  .map(([steps, endsInLine]) => {
    let at = START;
    let query = 100;
    const damageAt = Math.floor(steps.length / 2);
    const parts: string[] = [];
    const add = (connection: number, text: string, when: number, end = '\n'): void => {
      const quoted = text.replace(/['\\]/g, '\\$&');
      parts.push(
        `${when},db-${connection % 2},app,10.0.0.1,${connection},${++query},QUERY,shop,'${quoted}',0${end}`,
      );
    };
    steps.forEach(({ gap, back, connection, text, shape }, i) => {
      at += gap + 1;
      const when = at - back;
      const sql = text ?? '';
      if (shape === 'crlf') add(connection, sql, when, '\r\n');
      else if (shape === 'several-lines') add(connection, `/* a\nb */ ${sql}`, when);
      else if (shape === 'noise') parts.push(`${String.fromCharCode(0, 255, 10, 44)}${sql},,,,,,,,;\n\n`);
      else if (shape === 'cut')
        parts.push(`${when},db-0,app,10.0.0.1,${connection},1,QUERY,shop,'UPDATE orders SE\n`);
      else if (shape === 'table')
        parts.push(`${when},db-0,app,10.0.0.1,${connection},${query},WRITE,shop,orders,\n`);
      else if (shape === 'reconnect') parts.push(`${when},db-0,app,10.0.0.1,${connection},0,CONNECT,,,0\n`);
      else add(connection, sql, when);
      if (shape === 'twice') parts.push(parts.at(-1) ?? '');
      if (i === damageAt) for (const each of INCIDENT) add(77, each, (at += 400));
    });
    const log = parts.join('');
    return Buffer.from(endsInLine ? log : log.trimEnd());
  });

/** The answer for one log file, and the lost writes' texts where they are asked for. */
export async function answerFor(
  path: string,
  options: { readonly blockBytes?: number; readonly workers: number; readonly exports: boolean },
): Promise<{ answer: unknown; lost: unknown }> {
  const stop = new AbortController();
  const source = valueOf(
    await openLogFiles({
      paths: [path],
      dialect: 'aurora-mysql',
      serverTimezone: 'UTC',
      stdin: process.stdin,
      signal: stop.signal,
      ...options,
    }),
  );
  const lost: LostWrite[] = [];
  try {
    const answer = await resolveIncident(
      source,
      {
        cluster: 'c',
        window: { since: null, until: null },
        filter: {
          kind: 'any',
          table: 'accounts',
          user: null,
          match: null,
          connectionId: null,
          queryId: null,
        },
        pick: null,
        marginMicros: 1000,
        queryLogLimit: null,
        showLiterals: true,
        lookBackMicros: 0,
        wait: false,
      },
      {
        tell: () => undefined,
        pause: () => Promise.resolve(),
        exportWrite: options.exports ? (write) => void lost.push(write) : undefined,
      },
    );
    return { answer, lost };
  } finally {
    stop.abort();
  }
}
