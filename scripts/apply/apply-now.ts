import path from 'node:path';
import { drillDirectory } from '../../lib/artefact-files';
import { interrupted, output } from '../../lib/cli';
import { RefusalError, valueOf } from '../../lib/errors';
import { explainBrokenApply } from '../../lib/terraform/broken-apply';
import type { Subject } from '../../lib/terraform/commands';
import { forgetGuardedPlan, type GuardedPlan } from '../../lib/terraform/guarded-plan';
import { runApply } from '../../lib/terraform/run-apply';
import { fetchHeldResources, fetchOutputs, type TerraformRun } from '../../lib/terraform/terraform-cli';
import { setUpTerraform, TERRAFORM_DIRECTORY } from '../../lib/terraform/terraform-environment';

/**
 * Applies the guarded plan, and answers with the stack's outputs.
 * @throws RefusalError where Terraform did not apply it all: with what is left, and the way on
 */
export async function applyNow(
  subject: Subject,
  { stackDirectory }: GuardedPlan,
  planFile: string,
): Promise<Record<string, unknown>> {
  const { drill, stack, destroy } = subject;
  const setup = valueOf(await setUpTerraform({ env: process.env, directory: TERRAFORM_DIRECTORY }));
  const run: TerraformRun = { setup, env: process.env, stackDirectory, signal: interrupted };
  const logFile = path.join(
    drillDirectory(drill),
    'logs',
    `apply-${stack}${destroy ? '-destroy' : ''}-${new Date().toISOString().replace(/[-:.]/g, '')}.log`,
  );
  const startedMs = performance.now();
  const elapsed = (): string => {
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  };
  interrupted.addEventListener('abort', () => {
    output.say(
      `${elapsed()}  interrupted: Terraform ends what it is doing and writes its state, which can take a while`,
    );
  });
  const { exitCode, errorLines } = await runApply(run, {
    planFile,
    logFile,
    onLine: (line) => {
      output.say(`${elapsed()}  ${line}`);
    },
  });
  // what is left must be told even after a Ctrl-C
  const after = { ...run, signal: new AbortController().signal };
  if (exitCode === 0) return fetchOutputs(after);
  const { refusal, begun } = explainBrokenApply({
    subject,
    terraform: `${setup.binary.command} -chdir=${path.relative('.', stackDirectory)}`,
    errorLines,
    interrupted: interrupted.aborted,
    held: await fetchHeldResources(after).catch(() => undefined),
  });
  if (begun) forgetGuardedPlan(planFile);
  output.say(`everything that Terraform said: ${path.relative('.', logFile)}`);
  throw new RefusalError(refusal);
}
