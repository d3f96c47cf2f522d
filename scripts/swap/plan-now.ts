import { readArtefact } from '../../lib/artefact-files';
import { checkSameChecks } from '../../lib/cutover/appliable';
import { readChecksFile } from '../../lib/cutover/checks-file';
import { planSwap, type SwapBody } from '../../lib/cutover/plan-swap';
import { RdsNames } from '../../lib/cutover/rds-names';
import { valueOf } from '../../lib/errors';
import { RdsReader } from '../../lib/plan/rds';
import { fetchCallerIdentity } from '../../lib/plan/sts';
import { fetchApplied, inUseBy } from '../../lib/terraform/applied';
import { microsFromMillis } from '../../lib/time';

/**
 * A swap of the names as RDS shows them now.
 * @throws RefusalError where something speaks against it
 */
export async function planNow(drill: string, override: string | undefined): Promise<SwapBody> {
  const restorePlan = valueOf(readArtefact(drill, 'restorePlan'));
  const verified = readArtefact(drill, 'verification');
  const verification = override === undefined || verified.ok ? valueOf(verified) : undefined;
  if (override === undefined && verification !== undefined) {
    valueOf(checkSameChecks(drill, verification.value, readChecksFile(verification.value)));
  }
  const [{ account }, region, names, applied] = await Promise.all([
    fetchCallerIdentity(),
    new RdsReader().region(),
    new RdsNames().fetch(),
    fetchApplied(drill),
  ]);
  return valueOf(
    planSwap(
      {
        restorePlan: restorePlan.value,
        restorePlanSha256: restorePlan.sha256,
        verification: verification?.value,
        verificationSha256: verification?.sha256,
        account,
        region,
        names,
        inUseBy: inUseBy(applied),
        now: microsFromMillis(Date.now()),
      },
      override,
    ),
  );
}
