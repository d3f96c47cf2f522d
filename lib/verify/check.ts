import type { CheckResult, Incident, RestorePlan } from '../artefacts';
import type { EpochMicros } from '../time';
import type { Database } from './database';
import type { Inventory } from './inventory';
import type { ClockSettings } from './commit-clocks';

/** One side of the comparison: its connection, and what was found there before the checks began. */
export interface Subject {
  readonly database: Database;
  readonly inventory: Inventory;
}

export interface CheckContext {
  readonly incident: Incident;
  readonly plan: RestorePlan;
  readonly restoreTo: EpochMicros;
  readonly restored: Subject;
  /** Undefined where the person asked to look at the restored side alone. */
  readonly source: Subject | undefined;
  readonly settings: CheckSettings;
}

export interface CheckSettings extends ClockSettings {
  /**
   * The longest that a write takes from its statement to its COMMIT. A row is stamped by its
   * statement: one that is stamped less than this before the restore point may rightly be absent.
   */
  readonly commitDelayMs: number;
  /** Tables, as `database.table`, that the person knows to differ from the source. */
  readonly expectDifferent: readonly string[];
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
}

/** Fails when a part failed, passes when one passed, and otherwise does not apply; failures come first. */
export function combine(parts: readonly Part[]): Finding {
  const verdict =
    (['fail', 'pass'] as const).find((worst) => parts.some((part) => part.verdict === worst)) ??
    'not-applicable';
  const order = ['fail', 'pass', 'not-applicable'] as const;
  return {
    verdict,
    evidence: order.flatMap((each) =>
      parts.filter((part) => part.verdict === each).map((part) => part.evidence),
    ),
  };
}

export function notApplicable(reason: string): Finding {
  return { verdict: 'not-applicable', evidence: [reason] };
}

/** `1 row`, `2,000 rows`. */
export function amount(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? noun : plural}`;
}
