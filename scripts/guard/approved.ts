import { readArtefact } from '../../lib/artefact-files';
import { namesNow } from '../../lib/cutover/names-now';
import { readSwap } from '../../lib/cutover/swap-journal';
import { valueOf } from '../../lib/errors';
import type { Approved } from '../../lib/plan/guard/approved';
import type { Subject } from '../../lib/terraform/commands';

/** What people have approved of a stack, and the SHA-256 of each file that says so. */
export function readApproved({ drill, stack, destroy }: Subject): {
  readonly approved: Approved;
  readonly sha256: Readonly<Record<string, string>>;
} {
  const restore = valueOf(readArtefact(drill, 'restorePlan'));
  if (stack === 'restore') {
    const swap = readSwap(drill);
    const plan = valueOf(namesNow(restore.value, swap));
    const sha256 = { 'restore-plan.json': restore.sha256 };
    if (destroy) return { approved: { kind: 'destroy', restore: plan }, sha256 };
    return { approved: { kind: 'restore', restore: plan, adopts: swap !== undefined }, sha256 };
  }
  const repoint = valueOf(readArtefact(drill, 'repointPlan'));
  return {
    approved: { kind: 'repoint', restore: restore.value, repoint: repoint.value },
    sha256: { 'restore-plan.json': restore.sha256, 'repoint-plan.json': repoint.sha256 },
  };
}
