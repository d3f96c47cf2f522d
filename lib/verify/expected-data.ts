import type { PlannedCluster, RestorePlan } from '../artefacts/restore-plan';
import { epochMicros, parseInstant, type EpochMicros } from '../time';
import { valueOf } from '../errors';

/**
 * How far what a snapshot holds may be from the time that RDS gives it: RDS does not say whether
 * that is its begin or its end.
 */
const SNAPSHOT_MARGIN_MS = 60_000;

export interface ExpectedData {
  /** Nothing that was committed later may be there. */
  readonly restoreTo: EpochMicros;
  /** What was stamped longer than this before `restoreTo` must be there. */
  readonly commitDelayMs: number;
}

/**
 * What the checks have to expect of one restored cluster. A restore in time is exact; a snapshot
 * is so within a margin, but never may it hold anything from after the approved restore point.
 */
export function expectedData(
  plan: Pick<RestorePlan, 'restoreTo'>,
  { method, dataAt }: Pick<PlannedCluster, 'method' | 'dataAt'>,
  commitDelayMs: number,
): ExpectedData {
  const at = valueOf(parseInstant(dataAt));
  if (method.kind === 'point-in-time') return { restoreTo: at, commitDelayMs };
  const approved = valueOf(parseInstant(plan.restoreTo));
  const restoreTo = epochMicros(Math.min(at + SNAPSHOT_MARGIN_MS * 1000, approved));
  const earliest = at - SNAPSHOT_MARGIN_MS * 1000;
  return { restoreTo, commitDelayMs: commitDelayMs + (restoreTo - earliest) / 1000 };
}
