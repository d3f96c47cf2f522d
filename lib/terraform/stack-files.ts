import { readdirSync } from 'node:fs';
import path from 'node:path';
import { accept, refuse, type Outcome, type Refusal } from '../errors';

const SYNTHESIZED = 'cdk.tf.json';
/** What Terraform and OpenTofu read as configuration, override files among it. */
const CONFIGURATION = /[.](tf|tofu)([.]json)?$/;

/**
 * Whether a stack's folder holds nothing to run but what was just synthesized. Terraform reads every
 * file there, and what one more of them adds can run while planning already, before a guard sees it:
 * a data source calls a program, and an ephemeral resource is not even shown in the plan.
 */
export function checkStackFiles(
  stackDirectory: string,
): Outcome<undefined, Refusal<'foreign-configuration'>> {
  const foreign = readdirSync(stackDirectory)
    .filter((name) => CONFIGURATION.test(name) && name !== SYNTHESIZED)
    .sort();
  if (foreign.length === 0) return accept(undefined);
  return refuse({
    reason: 'foreign-configuration',
    message: `${stackDirectory} holds ${foreign.join(', ')} beside ${SYNTHESIZED}, which Terraform would run too`,
    hint: `look at what it is, and take it away: ${foreign.map((name) => path.join(stackDirectory, name)).join(', ')}`,
  });
}
