import path from 'node:path';
import { drillDirectory, writeArtefact } from '../../lib/artefact-files';
import { interrupted, output } from '../../lib/cli';
import type { SwapBody } from '../../lib/cutover/plan-swap';
import { valueOf } from '../../lib/errors';
import { forgetHeldResources } from '../../lib/terraform/terraform-cli';
import { setUpTerraform, TERRAFORM_DIRECTORY } from '../../lib/terraform/terraform-environment';
import { synthesize } from '../guard/synthesis';

const STACK = 'restore';

/**
 * Before names change hands Terraform forgets what it has restored: afterwards the name in its state
 * would be that of nobody or, on the way back, that of the old cluster, which it would then destroy.
 * The journal is kept first: with neither it nor a state, nothing would tell that the clusters are there.
 */
export async function forgetRestored(drill: string, swap: SwapBody): Promise<void> {
  const setup = valueOf(await setUpTerraform({ env: process.env, directory: TERRAFORM_DIRECTORY }));
  const directory = path.join(drillDirectory(drill), 'cdktf.out');
  const task = output.task('taking the restored clusters out of Terraform’s state');
  try {
    const exitCode = await synthesize(drill, STACK, directory, interrupted);
    if (exitCode !== 0) throw new Error(`the stack '${STACK}' cannot be synthesized: exit code ${exitCode}`);
    writeArtefact(drill, 'swap', swap);
    await forgetHeldResources({
      setup,
      env: process.env,
      stackDirectory: path.join(directory, 'stacks', STACK),
      signal: interrupted,
    });
  } finally {
    task.stop();
  }
}
