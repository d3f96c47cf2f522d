import type { PlannedCluster, RestorePlan } from '../artefacts/restore-plan';
import { accept, refuse, unreachable, valueOf, type Outcome, type Refusal } from '../errors';
import { parseInstant, type EpochMicros } from '../time';
import type { ClusterSnapshot, RetainedBackup } from './backups';
import type { SourceCluster } from './source-cluster';
import { checkStatus, type StatusRefusal } from './check-source';
import { checkWindow, type WindowRefusal } from './window';

/** What a cluster is to be restored from, as it is now; undefined is gone. */
export type Origin =
  | { readonly kind: 'cluster'; readonly source: SourceCluster }
  | { readonly kind: 'backup'; readonly backup: RetainedBackup | undefined }
  | { readonly kind: 'snapshot'; readonly snapshot: ClusterSnapshot | undefined };

export type OriginRefusal =
  WindowRefusal | StatusRefusal | Refusal<'another-source' | 'backup-gone' | 'snapshot-gone'>;

/**
 * A reviewed plan can wait for days: whether what it restores one of its clusters from is still
 * there, still the same, and still reaches the restore point.
 */
export function checkStillRestorable(
  { drill, restoreTo }: RestorePlan,
  { source, method }: PlannedCluster,
  origin: Origin,
  now: EpochMicros,
): Outcome<undefined, OriginRefusal> {
  const at = valueOf(parseInstant(restoreTo));
  switch (origin.kind) {
    case 'cluster': {
      const same = checkSameSource(drill, source, origin.source);
      const restorable = same.ok ? checkStatus(origin.source) : same;
      return restorable.ok ? withoutValue(checkWindow(origin.source, at, now)) : restorable;
    }
    case 'backup':
      if (origin.backup?.status === 'retained') {
        const { identifier } = origin.backup.cluster;
        return withoutValue(checkWindow({ identifier, ...origin.backup }, at, now));
      }
      return refuse({
        reason: 'backup-gone',
        message: `the retained backups of ${source.resourceId} ('${source.clusterIdentifier}') are ${origin.backup?.status ?? 'gone'}`,
        hint: `plan again: 'npm run plan -- --drill ${drill} --method snapshot'`,
      });
    case 'snapshot': {
      const approved = method.kind === 'snapshot' ? method.snapshot : undefined;
      const { snapshot } = origin;
      const same =
        snapshot?.status === 'available' &&
        snapshot.createdAt !== null &&
        approved !== undefined &&
        snapshot.createdAt === valueOf(parseInstant(approved.createdAt));
      if (same) return accept(undefined);
      return refuse({
        reason: 'snapshot-gone',
        message: `snapshot '${approved?.identifier ?? ''}' of ${approved?.createdAt ?? ''} is ${snapshot === undefined ? 'gone' : snapshot.status === 'available' ? 'another one now' : snapshot.status}`,
        hint: `plan again: 'npm run plan -- --drill ${drill}'`,
      });
    }
    default:
      return unreachable(origin);
  }
}

/** A name can have been given to another cluster since. */
export function checkSameSource(
  drill: string,
  approved: PlannedCluster['source'],
  found: SourceCluster,
): Outcome<undefined, Refusal<'another-source'>> {
  if (found.resourceId === approved.resourceId && found.arn === approved.arn) return accept(undefined);
  return refuse({
    reason: 'another-source',
    message: `DB cluster '${found.identifier}' is ${found.resourceId} (${found.arn}), but the restore plan of drill '${drill}' was made of ${approved.resourceId} (${approved.arn})`,
    hint: "check AWS_REGION and the account of your credentials; after a rename or a new cluster, plan again with 'npm run plan'",
  });
}

function withoutValue<R extends Refusal>(outcome: Outcome<unknown, R>): Outcome<undefined, R> {
  return outcome.ok ? accept(undefined) : outcome;
}
