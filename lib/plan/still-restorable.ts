import type { RestorePlan } from '../artefacts';
import { refuse, valueOf, type Outcome, type Refusal } from '../errors';
import { parseInstant, type EpochMicros } from '../time';
import type { SourceCluster } from './source-cluster';
import { checkWindow, type RestorableWindow, type WindowRefusal } from './window';

/**
 * A reviewed plan can wait for days: whether its source is still the same cluster, and still
 * restorable to its restore point.
 */
export function checkStillRestorable(
  { drill, source, restoreTo }: RestorePlan,
  found: SourceCluster,
  now: EpochMicros,
): Outcome<RestorableWindow, WindowRefusal | Refusal<'another-source'>> {
  if (found.resourceId !== source.resourceId || found.arn !== source.arn) {
    return refuse({
      reason: 'another-source',
      message: `DB cluster '${found.identifier}' is ${found.resourceId} (${found.arn}), but the restore plan of drill '${drill}' was made of ${source.resourceId} (${source.arn})`,
      hint: "check AWS_REGION and the account of your credentials; after a rename or a new cluster, plan again with 'npm run plan'",
    });
  }
  return checkWindow(found, valueOf(parseInstant(restoreTo)), now);
}
