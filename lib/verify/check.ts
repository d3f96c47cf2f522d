import type { Incident } from '../artefacts/incident';
import type { CheckResult } from '../artefacts/verification';
import type { EpochMicros } from '../time';
import { QueryError, type Database } from './database';
import type { Inventory } from './inventory';
import type { ClockSettings, FoundClocks } from './commit-clocks';

/** One side of the comparison: its connection, and what was found there before the checks began. */
export interface Subject {
  readonly database: Database;
  readonly inventory: Inventory;
}

export interface CheckContext {
  /** Undefined for a cluster that is restored beside the damaged one: nothing of it was hit. */
  readonly incident: Incident | undefined;
  readonly restoreTo: EpochMicros;
  readonly restored: Subject;
  /** Undefined where the person asked to look at the restored side alone. */
  readonly source: Subject | undefined;
  readonly clocks: FoundClocks;
  readonly settings: CheckSettings;
  /** Says how far a long check has come; throws to end the verification, as by Ctrl-C. */
  readonly onProgress: (text: string) => void;
}

export interface CheckSettings extends ClockSettings {
  /**
   * The longest that a write takes from its statement to its COMMIT. A row is stamped by its
   * statement: one that is stamped less than this before the restore point may rightly be absent.
   */
  readonly commitDelayMs: number;
  /** Tables, as `database.table`, that the person knows to differ from the source. */
  readonly expectDifferent: readonly string[];
  /** Tables up to about this many rows are compared row by row. */
  readonly compareRows: number;
  /** Larger tables are counted and added up in ranges of about this many rows. */
  readonly chunkRows: number;
}

export type Finding = Pick<CheckResult, 'verdict' | 'evidence'>;

export interface Check {
  /** The name of its file. */
  readonly name: string;
  /** What a pass shows, as a sentence. */
  readonly title: string;
  run(context: CheckContext): Promise<Finding>;
}

/** One part of a check, such as one table: the check is as good as its worst part. */
export interface Part {
  readonly verdict: Finding['verdict'];
  readonly evidence: string;
  /** Whether there is nothing to note: of many such parts only the first are shown. */
  readonly plain?: boolean;
}

/**
 * One part by its name. What the server refuses to answer is not proven, and a gate must stay shut
 * then; the other parts go on.
 */
export async function partOf(name: string, work: () => Promise<Part>): Promise<Part> {
  try {
    const part = await work();
    return { ...part, evidence: `${name}: ${part.evidence}` };
  } catch (error) {
    return { verdict: 'fail', evidence: `${name}: ${explainQueryError(error)}` };
  }
}

const TOO_LONG = ['ER_QUERY_TIMEOUT', 'ER_STATEMENT_TIMEOUT', 'query_canceled', 'NO_ANSWER'];

/** @throws anything that is not a server's "no" */
export function explainQueryError(error: unknown, longer = 'raise --statement-timeout'): string {
  if (!(error instanceof QueryError)) throw error;
  const next = TOO_LONG.includes(error.code) ? ` (${longer})` : '';
  return `could not be looked at: ${error.message}${next}`;
}

const PLAIN_PARTS_SHOWN = 8;

/** Fails when a part failed, passes when one passed, and otherwise does not apply; failures come first. */
export function combine(parts: readonly Part[]): Finding {
  const order = ['fail', 'pass', 'not-applicable'] as const;
  const sorted = order.flatMap((verdict) => parts.filter((part) => part.verdict === verdict));
  const plain = sorted.filter((part) => part.plain === true);
  const unshown = new Set(plain.slice(PLAIN_PARTS_SHOWN));
  const evidence = sorted.filter((part) => !unshown.has(part)).map((part) => part.evidence);
  return {
    verdict: sorted[0]?.verdict ?? 'not-applicable',
    evidence: unshown.size === 0 ? evidence : [...evidence, `${unshown.size} more with nothing to note`],
  };
}

export function notApplicable(reason: string): Finding {
  return { verdict: 'not-applicable', evidence: [reason] };
}

/** `1 row`, `2,000 rows`. */
export function amount(count: number, noun: string, plural = `${noun}s`): string {
  return `${thousands(count)} ${count === 1 ? noun : plural}`;
}

/** `2,000`. */
export function thousands(count: number): string {
  return count.toLocaleString('en-GB');
}
