import { formatDuration } from '../time';
import type { DataLoss } from './data-loss';
import type { RecoveryTime } from './recovery-time';

/** Objectives of the team, in milliseconds; undefined where it has none. */
export interface Targets {
  /** How long the recovery may take at most. */
  readonly rtoMs?: number | undefined;
  /** How much time before the damage the restore may give up at most. */
  readonly rpoMs?: number | undefined;
}

export interface JudgedTarget {
  readonly name: 'RTO' | 'RPO';
  readonly targetMs: number;
  /** Null where nothing measured it: the target is then neither met nor missed. */
  readonly tookMs: number | null;
  readonly verdict: 'met' | 'missed' | 'not-known';
}

/** Holds what was measured against the targets. A recovery that did not reach its end can miss its target, but cannot meet it. */
export function judgeTargets(
  { recoveryTime, dataLoss }: { recoveryTime: RecoveryTime | null; dataLoss: DataLoss | null },
  { rtoMs, rpoMs }: Targets,
): JudgedTarget[] {
  const whole = recoveryTime?.complete === true;
  return [
    ...(rtoMs === undefined ? [] : [judge('RTO', rtoMs, recoveryTime?.tookMs ?? null, whole)]),
    ...(rpoMs === undefined ? [] : [judge('RPO', rpoMs, dataLoss?.beforeEffectMs ?? null, true)]),
  ];
}

function judge(
  name: JudgedTarget['name'],
  targetMs: number,
  tookMs: number | null,
  whole: boolean,
): JudgedTarget {
  const missed = tookMs !== null && tookMs > targetMs;
  const verdict = missed ? 'missed' : tookMs === null || !whole ? 'not-known' : 'met';
  return { name, targetMs, tookMs, verdict };
}

/** `RTO 12 min, target 10 min: missed`. */
export function describeTarget({ name, targetMs, tookMs, verdict }: JudgedTarget): string {
  const measured = tookMs === null ? 'not measured' : formatDuration(tookMs);
  const word = verdict === 'not-known' ? 'neither met nor missed' : verdict;
  return `${name} ${measured}, target ${formatDuration(targetMs)}: ${word}`;
}
