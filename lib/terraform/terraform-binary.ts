import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { accept, refuse, type Outcome, type Refusal } from '../errors';
import { isInRange, TERRAFORM_VERSIONS, versionConstraint } from './versions';

export interface TerraformBinary {
  /** `terraform`, `tofu`, or what TERRAFORM_BINARY_NAME says: a name on the PATH or a path. */
  readonly command: string;
  readonly version: string;
  /** As in the names of provider packages, such as `linux_amd64`. */
  readonly platform: string;
}

export type TerraformBinaryRefusal = Refusal<'no-terraform' | 'terraform-too-old'>;

const run = promisify(execFile);
const versionSchema = z.object({ terraform_version: z.string(), platform: z.string() });

/**
 * Finds the Terraform that cdktf will run: the one that TERRAFORM_BINARY_NAME names, or else
 * `terraform` or `tofu` on the PATH.
 */
export async function findTerraform(
  env: NodeJS.ProcessEnv,
): Promise<Outcome<TerraformBinary, TerraformBinaryRefusal>> {
  const named = env['TERRAFORM_BINARY_NAME'];
  for (const command of named === undefined || named === '' ? ['terraform', 'tofu'] : [named]) {
    const binary = await askVersion(command, env);
    if (binary === undefined) continue;
    if (isInRange(binary.version, TERRAFORM_VERSIONS)) return accept(binary);
    return refuse({
      reason: 'terraform-too-old',
      message: `${command} is version ${binary.version}, expected ${versionConstraint(TERRAFORM_VERSIONS)}`,
      hint: 'install a newer one: https://developer.hashicorp.com/terraform/install',
    });
  }
  return refuse({
    reason: 'no-terraform',
    message:
      named === undefined
        ? 'neither terraform nor tofu is on the PATH'
        : `'${named}' (TERRAFORM_BINARY_NAME) cannot be run`,
    hint: 'install Terraform (https://developer.hashicorp.com/terraform/install) or OpenTofu (https://opentofu.org/docs/intro/install)',
  });
}

/** Undefined where there is no such command, or it is not Terraform. */
async function askVersion(command: string, env: NodeJS.ProcessEnv): Promise<TerraformBinary | undefined> {
  try {
    const { stdout } = await run(command, ['version', '-json'], {
      // neither the network nor a broken CLI configuration has a say in this
      env: { ...env, CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: '' },
    });
    const { terraform_version: version, platform } = versionSchema.parse(JSON.parse(stdout));
    return { command, version, platform };
  } catch {
    return undefined;
  }
}
