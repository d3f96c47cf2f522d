import path from 'node:path';
import { drillDirectory } from '../../lib/artefact-files';
import { interrupted, output } from '../../lib/cli';
import { EXIT, messageOf, RefusalError, valueOf } from '../../lib/errors';
import { lockRefusal } from '../../lib/terraform/broken-apply';
import type { Subject } from '../../lib/terraform/commands';
import { makePlaceForPlan } from '../../lib/terraform/guarded-plan';
import { checkStackFiles } from '../../lib/terraform/stack-files';
import { initializeAndPlan } from '../../lib/terraform/terraform-cli';
import { setUpTerraform, TERRAFORM_DIRECTORY } from '../../lib/terraform/terraform-environment';
import { synthesize } from './synthesis';

export interface PlannedNow {
  /** As `terraform show -json` prints it. */
  readonly json: string;
  readonly stackDirectory: string;
}

/** Synthesizes a stack and plans it into `planFile`. */
export async function planNow(
  subject: Subject,
  planFile: string,
  outputDirectory = path.join(drillDirectory(subject.drill), 'cdktf.out'),
): Promise<PlannedNow> {
  const setup = valueOf(await setUpTerraform({ env: process.env, directory: TERRAFORM_DIRECTORY }));
  const directory = path.resolve(outputDirectory);
  const stackDirectory = path.join(directory, 'stacks', subject.stack);
  makePlaceForPlan(planFile);
  const task = output.task(`planning stack ${subject.stack}`);
  try {
    const exitCode = await synthesize(subject.drill, subject.stack, directory, interrupted);
    if (exitCode !== 0) throw notSynthesized(exitCode);
    valueOf(checkStackFiles(stackDirectory));
    const run = { setup, env: process.env, stackDirectory, signal: interrupted };
    const json = await initializeAndPlan(run, planFile, subject.destroy ? ['-destroy'] : []);
    return { json, stackDirectory };
  } catch (error) {
    const terraform = `${setup.binary.command} -chdir=${path.relative('.', stackDirectory)}`;
    const locked = lockRefusal(subject, terraform, messageOf(error));
    throw locked === undefined ? error : new RefusalError(locked);
  } finally {
    task.stop();
  }
}

/** The program that synthesizes has said why already; a refusal of its stays one. */
function notSynthesized(exitCode: number): Error {
  const message = 'the stacks cannot be synthesized';
  if (exitCode !== EXIT.refused) return new Error(`${message}: exit code ${exitCode}`);
  return new RefusalError({ reason: 'not-synthesized', message, hint: 'see the refusal above' });
}
