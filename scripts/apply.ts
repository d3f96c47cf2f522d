import { z } from 'zod';
import { drillDirectory, findDrill } from '../lib/artefact-files';
import { output, runScript, scriptCommand } from '../lib/cli';
import { oneAtATime } from '../lib/cutover/one-at-a-time';
import { EXIT, type ExitCode, valueOf } from '../lib/errors';
import type { Subject } from '../lib/terraform/commands';
import { forgetGuardedPlan, guardedPlanFile, readGuardedPlan } from '../lib/terraform/guarded-plan';
import { renderOutputs } from '../lib/terraform/render-outputs';
import { despiteSignals } from '../lib/terraform/run-apply';
import { applyNow } from './apply/apply-now';
import { carryOutJournal } from './repoint/carry-out';
import { requireAppliableNow } from './apply/appliable-now';
import { readApproved } from './guard/approved';
import { noDestroyOfRepoint, stackOptions } from './guard/options';

const command = scriptCommand(
  'apply',
  `Applies exactly the Terraform plan that 'npm run guard' let pass, and nothing else. Ctrl-C lets Terraform end what it is doing and write its state.`,
  [
    '--drill spring --stack restore',
    '--drill spring --stack repoint',
    '--drill spring --stack restore --destroy',
  ],
)
  .option('--stack <stack>', 'restore or repoint', 'restore')
  .option('--drill <id>', 'the drill (default: environment variable DRILL, or the only one there is)')
  .option('--destroy', 'apply the guarded plan of a destroy: what this drill has restored is deleted')
  .option('--json', 'print the outputs as JSON');

const options = z.strictObject(stackOptions).refine(...noDestroyOfRepoint);

void runScript(command, options, (asked) => {
  const drill = valueOf(findDrill(asked.drill ?? process.env['DRILL']));
  const run = (): Promise<ExitCode> => apply(drill, asked);
  return asked.stack === 'repoint' ? oneAtATime(drill, 'apply', run) : run();
});

async function apply(drill: string, { stack, destroy, json }: z.infer<typeof options>): Promise<ExitCode> {
  const subject: Subject = { drill, stack, destroy };
  const { approved, sha256 } = readApproved(subject);
  const planFile = guardedPlanFile(drillDirectory(drill), subject);
  const guarded = valueOf(readGuardedPlan(planFile, subject, sha256));
  await requireAppliableNow(approved, guarded);

  const outputs = await despiteSignals(() => applyNow(subject, guarded, planFile));
  forgetGuardedPlan(planFile);
  if (approved.kind === 'repoint') await carryOutJournal(drill);
  output.result(json ? JSON.stringify({ drill, stack, destroy, outputs }, null, 2) : renderOutputs(outputs));
  return EXIT.ok;
}
