import type { CheckResult } from '../../artefacts/verification';
import { explainQueryError, notApplicable, type Finding } from '../check';
import { onlyRow, type Database, type Side, type Values } from '../database';
import type { OpenDatabase } from '../server';
import { joinPieces, judgeExpectation, judgeSamePieces } from './judge-rows';
import { RANGE, type OwnCheck } from './own-checks-file';

export interface OwnCheckRun {
  /** Opens a session of its own that can only read. Undefined for a source that is not to be read. */
  readonly open: (side: Side, statementTimeoutMs: number) => Promise<OpenDatabase | undefined>;
  /** How many checks run at once, each in one session a side. */
  readonly parallel: number;
  readonly now: () => number;
  readonly onProgress: (text: string) => void;
}

/** Runs a team's checks side by side; the results have the order of the file. */
export async function runOwnChecks(checks: readonly OwnCheck[], run: OwnCheckRun): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const waiting = checks.map((check, index) => ({ check, index }));
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { check, index } = next;
      run.onProgress(check.name);
      const startedAt = run.now();
      const { verdict, evidence } = await runOne(check, run);
      const tookMs = Math.round(run.now() - startedAt);
      results[index] = { name: check.name, title: check.title, verdict, evidence, tookMs };
    }
  };
  await Promise.all(Array.from({ length: run.parallel }, work));
  return results;
}

async function runOne(check: OwnCheck, run: OwnCheckRun): Promise<Finding> {
  const sessions: OpenDatabase[] = [];
  const open = async (side: Side): Promise<OpenDatabase | undefined> => {
    const session = await run.open(side, check.timeoutMs);
    if (session !== undefined) sessions.push(session);
    return session;
  };
  try {
    const restored = await open('restored');
    if (restored === undefined) throw new Error('the restored side is always read');
    const compares = check.expect === 'same as source';
    const source = compares ? await open('source') : undefined;
    if (compares && source === undefined) return notApplicable('needs the source');
    return await runPieces(check, restored, source, run.onProgress);
  } catch (error) {
    return { verdict: 'fail', evidence: [explainQueryError(error, "raise this check's timeout")] };
  } finally {
    await Promise.all(sessions.map((session) => session.close()));
  }
}

async function runPieces(
  check: OwnCheck,
  restored: OpenDatabase,
  source: OpenDatabase | undefined,
  onProgress: OwnCheckRun['onProgress'],
): Promise<Finding> {
  const pieces = await piecesOf(check, source === undefined ? [restored] : [restored, source]);
  if (!Array.isArray(pieces)) return { verdict: 'fail', evidence: [pieces.fault] };
  const here: (readonly Values[])[] = [];
  const there: (readonly Values[])[] = [];
  for (const [done, sql] of pieces.entries()) {
    if (pieces.length > 1) onProgress(`${check.name}: piece ${done + 1} of ${pieces.length}`);
    here.push(await restored.readValues(sql));
    if (source !== undefined) there.push(await source.readValues(sql));
  }
  if (check.chunks === undefined) return judgeExpectation(check.expect, here.flat(), there.flat());
  return source === undefined
    ? judgeExpectation(check.expect, joinPieces(here), [])
    : judgeSamePieces(here, there);
}

const MOST_PIECES = 100_000;

/**
 * The statement once, or once for each range of its column. The ranges cover all numbers that any
 * side has, so that a row of the source alone is not overlooked, and NULL where there is one.
 */
async function piecesOf(
  { sql, chunks }: OwnCheck,
  sides: readonly [Database, ...Database[]],
): Promise<string[] | { readonly fault: string }> {
  if (chunks === undefined) return [sql];
  const [schema = '', table = '', name = ''] = chunks.by.split('.');
  const { quoted } = sides[0].dialect;
  const [column, from] = [quoted(name), quoted(schema, table)];
  const bounds: bigint[] = [];
  let nulls = false;
  for (const side of sides) {
    const row = onlyRow(
      await side.query(
        `SELECT MIN(${column}) AS low, MAX(${column}) AS high,
                (SELECT COUNT(*) FROM (SELECT 1 AS one FROM ${from} WHERE ${column} IS NULL LIMIT 1) AS n) AS nulls
         FROM ${from}`,
      ),
    );
    nulls ||= row['nulls'] === '1';
    for (const bound of [row['low'], row['high']]) {
      if (typeof bound !== 'string') continue;
      if (!/^-?\d+$/.test(bound)) {
        return { fault: `chunks go by a column of whole numbers, and ${chunks.by} is none: name another` };
      }
      bounds.push(BigInt(bound));
    }
  }
  const [low, high] = [bounds.reduce(min, bounds[0] ?? 0n), bounds.reduce(max, bounds[0] ?? 0n)];
  const size = BigInt(chunks.size);
  if ((high - low) / size >= MOST_PIECES) {
    return { fault: `more than ${MOST_PIECES} pieces: give chunks a larger size` };
  }
  const ranges = nulls ? [`(${column} IS NULL)`] : [];
  for (let at = low; at <= high; at += size) ranges.push(`(${column} BETWEEN ${at} AND ${at + size - 1n})`);
  return ranges.map((range) => sql.replaceAll(RANGE, () => range));
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
