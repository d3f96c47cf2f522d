import { accessSync, constants } from 'node:fs';
import { messageOf } from '../../lib/errors';
import type { ReadinessLine } from '../../lib/plan/readiness-line';
import type { S3State, Settings } from '../../lib/settings';
import { fetchStateBucket } from '../../lib/terraform/s3-state';

const TITLE = 'terraform state';

/** Whether Terraform's state can be read, written and locked. `mustLast`: beyond this machine, as a pipeline needs. */
export async function checkState(
  { state }: Pick<Settings, 'state'>,
  mustLast: boolean,
): Promise<ReadinessLine[]> {
  if (state !== undefined) return checkBucket(state.s3);
  return [mustLast ? FORGOTTEN : checkFolder()];
}

const FORGOTTEN: ReadinessLine = {
  verdict: 'fail',
  title: TITLE,
  finding: 'in files beside the artefacts, which a runner forgets: nothing could destroy what it restored',
  remedy: 'set state.s3 in restore-drill.yaml on the main branch (docs/CONFIGURATION.md)',
};

function checkFolder(): ReadinessLine {
  try {
    accessSync('.', constants.W_OK);
    return { verdict: 'pass', title: TITLE, finding: 'in files beside the artefacts' };
  } catch {
    const finding = `${process.cwd()} cannot be written to`;
    return { verdict: 'fail', title: TITLE, finding, remedy: 'run it in a folder that is yours' };
  }
}

async function checkBucket(s3: S3State): Promise<ReadinessLine[]> {
  const place = `s3://${s3.bucket}/${s3.prefix}`;
  try {
    const { versioned, locks } = await fetchStateBucket(s3);
    return [
      versioned
        ? { verdict: 'pass', title: TITLE, finding: `in ${place}, which keeps older versions` }
        : {
            verdict: 'warn',
            title: TITLE,
            finding: `in ${place}, which keeps no older versions: a broken state could not be brought back`,
            remedy: `aws s3api put-bucket-versioning --bucket ${s3.bucket} --versioning-configuration Status=Enabled`,
          },
      ...locks.map(({ key, who, id }): ReadinessLine => ({
        verdict: 'warn',
        title: 'terraform lock',
        finding: `${key.replace(/[.]tflock$/, '')} is locked by ${who ?? 'someone'}: a plan or an apply is running, or was killed`,
        remedy: `wait for it; where you know that it has died: terraform force-unlock ${id ?? 'ID'} in the folder of that stack`,
      })),
    ];
  } catch (error) {
    return [
      {
        verdict: 'fail',
        title: TITLE,
        finding: `${place} cannot be read: ${messageOf(error)}`,
        remedy: `check the bucket and region in restore-drill.yaml, and s3:ListBucket and s3:GetObject of these credentials`,
      },
    ];
  }
}
