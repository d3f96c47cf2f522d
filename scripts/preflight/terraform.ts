import type { Refusal } from '../../lib/errors';
import type { ReadinessLine } from '../../lib/plan/readiness-line';
import type { Settings } from '../../lib/settings';
import { S3_BACKEND_SINCE } from '../../lib/terraform/state-location';
import { findTerraform } from '../../lib/terraform/terraform-binary';
import {
  setUpProvider,
  TERRAFORM_DIRECTORY,
  type TerraformSetup,
} from '../../lib/terraform/terraform-environment';
import { compareVersions } from '../../lib/terraform/versions';

const PROVIDER = 'provider hashicorp/aws';

/** Whether this machine has Terraform and the provider; the set-up with which both are found. */
export async function checkTerraform(
  providerMirror: string | undefined,
  { state }: Pick<Settings, 'state'>,
): Promise<{ lines: ReadinessLine[]; setup?: TerraformSetup }> {
  const binary = await findTerraform(process.env);
  if (!binary.ok) return { lines: [failed('terraform', binary.refusal)] };
  const found = ofVersion(binary.value, state === undefined ? undefined : S3_BACKEND_SINCE);
  const options = { env: process.env, directory: TERRAFORM_DIRECTORY, providerMirror };
  const setup = await setUpProvider(binary.value, options);
  if (!setup.ok) return { lines: [found, failed(PROVIDER, setup.refusal)] };
  const { description: finding } = setup.value.provider;
  return { lines: [found, { verdict: 'pass', title: PROVIDER, finding }], setup: setup.value };
}

function ofVersion(
  { command, version }: { readonly command: string; readonly version: string },
  atLeast: string | undefined,
): ReadinessLine {
  const title = 'terraform';
  const finding = `${command} ${version}`;
  if (atLeast === undefined || compareVersions(version, atLeast) >= 0) {
    return { verdict: 'pass', title, finding };
  }
  return {
    verdict: 'fail',
    title,
    finding: `${finding}, expected ${atLeast} or later: older ones cannot lock a state in S3 by S3 itself`,
    remedy: 'install a newer one, or leave state.s3 out of restore-drill.yaml',
  };
}

export function failed(title: string, { message: finding, hint: remedy }: Refusal): ReadinessLine {
  return { verdict: 'fail', title, finding, remedy };
}
