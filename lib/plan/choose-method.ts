import { accept, refuse, type Outcome, type Refusal } from '../errors';
import { formatInstant, type EpochMicros } from '../time';
import type { ClusterSnapshot } from './backups';
import type { SourceCluster } from './source-cluster';
import { checkWindow, type RestorableWindow, type WindowRefusal } from './window';

/** Asked for on the command line; `snapshot` is an identifier or an ARN, undefined the newest that can be used. */
export type MethodWish =
  { readonly kind: 'point-in-time' } | { readonly kind: 'snapshot'; readonly snapshot: string | undefined };

export type ChosenMethod =
  | { readonly kind: 'point-in-time'; readonly reason: string; readonly window: RestorableWindow }
  | {
      readonly kind: 'snapshot';
      readonly reason: string;
      readonly snapshot: ClusterSnapshot;
      readonly createdAt: EpochMicros;
    };

export type MethodRefusal = WindowRefusal | Refusal<'no-usable-snapshot' | 'snapshot-not-usable'>;

/** `point-in-time`, `snapshot` or `snapshot:<identifier or ARN>`; an automated snapshot's begins with `rds:`. */
export function parseMethod(text: string): Outcome<MethodWish, Refusal<'unknown-method'>> {
  if (text === 'point-in-time') return accept({ kind: 'point-in-time' });
  if (text === 'snapshot') return accept({ kind: 'snapshot', snapshot: undefined });
  if (/^snapshot:./.test(text)) {
    return accept({ kind: 'snapshot', snapshot: text.slice('snapshot:'.length) });
  }
  return refuse({
    reason: 'unknown-method',
    message: `'${text}' is no method`,
    hint: 'use point-in-time, snapshot or snapshot:IDENTIFIER',
  });
}

/** Whether the choice can fall on a snapshot, so that they have to be read. */
export function needsSnapshots(
  source: SourceCluster,
  restoreTo: EpochMicros,
  wish: MethodWish | undefined,
  now: EpochMicros,
): boolean {
  if (wish !== undefined) return wish.kind === 'snapshot';
  return isOutOfReach(source, checkWindow(source, restoreTo, now));
}

/**
 * A restore to the point in time wherever the window allows it, since it loses least; else the
 * newest snapshot from before the restore point. What only time stands in the way of is refused, so
 * that the caller can wait.
 */
export function chooseMethod(
  source: SourceCluster,
  snapshots: readonly ClusterSnapshot[],
  restoreTo: EpochMicros,
  wish: MethodWish | undefined,
  now: EpochMicros,
): Outcome<ChosenMethod, MethodRefusal> {
  const window = checkWindow(source, restoreTo, now);
  if (wish?.kind !== 'snapshot') {
    if (window.ok) {
      const reason = 'the restore point is inside the restorable window';
      return accept({ kind: 'point-in-time', reason, window: window.value });
    }
    if (wish !== undefined || !isOutOfReach(source, window)) return window;
  } else if (!window.ok && window.refusal.reason === 'restore-point-in-future') {
    return window;
  }
  const asked = wish?.kind === 'snapshot' ? wish.snapshot : undefined;
  const found =
    asked === undefined
      ? newestUsable(source, snapshots, restoreTo)
      : namedSnapshot(source, snapshots, restoreTo, asked);
  if (!found.ok) return found;
  const why = window.ok ? '' : `: ${window.refusal.message}`;
  const reason =
    wish === undefined
      ? `the newest snapshot before the restore point, since no restore in time reaches it${why}`
      : asked === undefined
        ? 'the newest snapshot before the restore point, as asked for'
        : 'this snapshot, as asked for';
  return accept({ kind: 'snapshot', reason, ...found.value });
}

/** Too old, or without a window at all: no waiting helps. The window of a deleted cluster does not grow. */
function isOutOfReach({ deleted }: SourceCluster, window: Outcome<unknown, WindowRefusal>): boolean {
  if (window.ok) return false;
  const { reason } = window.refusal;
  return (
    reason === 'restore-point-too-old' ||
    reason === 'no-restorable-window' ||
    (deleted && reason === 'restore-point-too-recent')
  );
}

interface Usable {
  readonly snapshot: ClusterSnapshot;
  readonly createdAt: EpochMicros;
}

function newestUsable(
  source: SourceCluster,
  snapshots: readonly ClusterSnapshot[],
  restoreTo: EpochMicros,
): Outcome<Usable, Refusal<'no-usable-snapshot'>> {
  const [newest] = snapshots
    .flatMap((snapshot): Usable[] =>
      snapshot.createdAt === null || faultOf(source, snapshot, restoreTo) !== undefined
        ? []
        : [{ snapshot, createdAt: snapshot.createdAt }],
    )
    .sort((a, b) => b.createdAt - a.createdAt);
  if (newest !== undefined) return accept(newest);
  return refuse({
    reason: 'no-usable-snapshot',
    message: `the restore point ${formatInstant(restoreTo)} of '${source.identifier}' is out of the restorable window, and of its ${snapshots.length} snapshots none is available, of ${source.engine} and older`,
    hint: 'look for a copy in another account or region, or in an export; share or copy it here and name it with --method snapshot:ARN',
  });
}

function namedSnapshot(
  source: SourceCluster,
  snapshots: readonly ClusterSnapshot[],
  restoreTo: EpochMicros,
  asked: string,
): Outcome<Usable, Refusal<'snapshot-not-usable'>> {
  const snapshot = snapshots.find(({ identifier, arn }) => [identifier, arn].includes(asked));
  const fault =
    snapshot === undefined
      ? `does not exist among the ${snapshots.length} of '${source.identifier}'`
      : faultOf(source, snapshot, restoreTo);
  if (fault === undefined && snapshot !== undefined && snapshot.createdAt !== null) {
    return accept({ snapshot, createdAt: snapshot.createdAt });
  }
  return refuse({
    reason: 'snapshot-not-usable',
    message: `snapshot '${asked}' ${fault ?? 'is not complete'}`,
    hint: `list them with 'aws rds describe-db-cluster-snapshots --db-cluster-identifier ${source.identifier}'`,
  });
}

/** What is wrong with a snapshot; one that was made at the restore point or later may hold the damage. */
function faultOf(
  source: SourceCluster,
  { status, createdAt, cluster }: ClusterSnapshot,
  restoreTo: EpochMicros,
): string | undefined {
  if (status !== 'available' || createdAt === null) return `is ${status}, expected available`;
  if (cluster.identifier !== source.identifier) {
    return `is of DB cluster '${cluster.identifier}', expected '${source.identifier}'`;
  }
  if (cluster.engine !== source.engine) return `is of ${cluster.engine}, expected ${source.engine}`;
  if (createdAt >= restoreTo) {
    return `was made at ${formatInstant(createdAt)}, expected before the restore point ${formatInstant(restoreTo)}`;
  }
  return undefined;
}
