import type { CheckResult } from '../../artefacts';
import { explainQueryError, notApplicable, type Finding } from '../check';
import { onlyRow, quoted, type Database, type Row, type Side } from '../database';
import { joinPieces, judgeExpectation } from './judge-rows';
import { RANGE, type OwnCheck } from './own-checks-file';

export interface OwnCheckRun {
  /** Opens a session of its own that can only read. Undefined for a source that is not to be read. */
  readonly open: (
    side: Side,
    statementTimeoutMs: number,
  ) => Promise<(Database & { close(): Promise<void> }) | undefined>;
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

async function runOne(check: OwnCheck, { open, onProgress }: OwnCheckRun): Promise<Finding> {
  const restored = await open('restored', check.timeoutMs);
  const source = check.expect === 'same as source' ? await open('source', check.timeoutMs) : undefined;
  try {
    if (restored === undefined) throw new Error('the restored side is always read');
    if (check.expect === 'same as source' && source === undefined) return notApplicable('needs the source');
    const pieces = await piecesOf(check, source === undefined ? [restored] : [restored, source]);
    if (pieces === undefined) {
      return { verdict: 'fail', evidence: [`more than ${MOST_PIECES} pieces: give chunks a larger size`] };
    }
    const here: (readonly Row[])[] = [];
    const there: (readonly Row[])[] = [];
    for (const [done, sql] of pieces.entries()) {
      if (pieces.length > 1) onProgress(`${check.name}: piece ${done + 1} of ${pieces.length}`);
      here.push(await restored.query(sql));
      if (source !== undefined) there.push(await source.query(sql));
    }
    return check.chunks === undefined
      ? judgeExpectation(check.expect, here.flat(), there.flat())
      : judgeExpectation(check.expect, joinPieces(here), joinPieces(there));
  } catch (error) {
    return { verdict: 'fail', evidence: [explainQueryError(error)] };
  } finally {
    await Promise.all([restored?.close(), source?.close()]);
  }
}

const MOST_PIECES = 100_000;

/**
 * The statement once, or once for each range of its column. The ranges cover all numbers that any
 * side has, so that a row of the source alone is not overlooked. Undefined where there are too many.
 */
async function piecesOf(
  { sql, chunks }: OwnCheck,
  sides: readonly Database[],
): Promise<string[] | undefined> {
  if (chunks === undefined) return [sql];
  const [schema = '', table = '', column = ''] = chunks.by.split('.');
  const bounds: bigint[] = [];
  for (const side of sides) {
    const row = onlyRow(
      await side.query(
        `SELECT MIN(${quoted(column)}) AS low, MAX(${quoted(column)}) AS high FROM ${quoted(schema, table)}`,
      ),
    );
    for (const bound of [row['low'], row['high']]) if (typeof bound === 'string') bounds.push(BigInt(bound));
  }
  const [low, high] = [bounds.reduce(min, bounds[0] ?? 0n), bounds.reduce(max, bounds[0] ?? 0n)];
  const size = BigInt(chunks.size);
  if ((high - low) / size >= MOST_PIECES) return undefined;
  const pieces: string[] = [];
  for (let from = low; from <= high; from += size) {
    pieces.push(sql.replaceAll(RANGE, () => `(${quoted(column)} BETWEEN ${from} AND ${from + size - 1n})`));
  }
  return pieces;
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
