import { STSClient } from '@aws-sdk/client-sts';
import { readArtefact } from '../../lib/artefact-files';
import { checkSameChecks } from '../../lib/cutover/appliable';
import { readChecksFile } from '../../lib/cutover/checks-file';
import { checkNotExchanged } from '../../lib/cutover/still-there';
import { readSwap } from '../../lib/cutover/swap-journal';
import { RefusalError, valueOf } from '../../lib/errors';
import { checkNotExpired } from '../../lib/plan/expiry';
import type { Approved } from '../../lib/plan/guard/approved';
import { fetchCallerIdentity } from '../../lib/plan/sts';
import { inUseBy, fetchApplied } from '../../lib/terraform/applied';
import type { GuardedPlan } from '../../lib/terraform/guarded-plan';
import { microsFromMillis, parseInstant } from '../../lib/time';
import { requireStillRestorable } from '../guard/still-restorable';
import { fetchRestored } from '../repoint/restored';

/**
 * A guarded plan can wait: whether what it was judged by still holds at this moment.
 * @throws RefusalError where it does not
 */
export async function requireAppliableNow(approved: Approved, { creates }: GuardedPlan): Promise<void> {
  const { drill, account, region, expiresAt } = approved.restore;
  const caller = await fetchCallerIdentity(new STSClient({ region }));
  if (caller.account !== account) {
    throw new RefusalError({
      reason: 'foreign-account',
      message: `the credentials belong to account ${caller.account}, but drill '${drill}' was planned in ${account}`,
      hint: `log in to account ${account} in this shell`,
    });
  }
  if (approved.kind === 'restore' && creates.clusters.length + creates.instances.length > 0) {
    valueOf(checkNotExpired(drill, valueOf(parseInstant(expiresAt)), microsFromMillis(Date.now())));
    await requireStillRestorable(approved.restore, creates);
  }
  if (approved.kind === 'destroy') await requireNotInUse(drill);
  if (approved.kind === 'repoint') {
    valueOf(checkNotExchanged(drill, readSwap(drill)));
    // the restored clusters by their names and tags, available and with a writer
    if (approved.repoint.direction === 'forward') await fetchRestored(approved.restore);
    if (approved.repoint.direction === 'forward' && approved.repoint.overriddenVerification === undefined) {
      const verification = valueOf(readArtefact(drill, 'verification')).value;
      valueOf(checkSameChecks(drill, verification, readChecksFile(verification)));
    }
  }
}

/** The stack declares this too, but the plan may be older than the repoint. */
async function requireNotInUse(drill: string): Promise<void> {
  const users = inUseBy(await fetchApplied(drill));
  if (users.length === 0) return;
  throw new RefusalError({
    reason: 'in-use',
    message: `the application is on what drill '${drill}' restored (${users.join(', ')})`,
    hint: `go the way back first: npm run undo -- --drill ${drill}`,
  });
}
