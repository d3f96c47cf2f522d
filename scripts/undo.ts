import { z } from 'zod';
import { findDrill, readArtefact } from '../lib/artefact-files';
import { output, runScript, scriptCommand } from '../lib/cli';
import { oneAtATime } from '../lib/cutover/one-at-a-time';
import { EXIT, type ExitCode, valueOf } from '../lib/errors';
import { liftFenceStep } from './undo/lift-fence';
import { swapBackStep } from './undo/swap-back';
import { repointBackStep } from './undo/repoint-back';
import { tellWritesSince } from './undo/writes-since';

const command = scriptCommand(
  'undo',
  `Takes the application back to the old cluster by the saved values: lifts the fence, takes swapped names back, and gives each target the host that it had before. Shows the steps; --execute takes them. Says what was written on the restored cluster meanwhile, which stays there.

Environment:
  DRILL_DB_USER, DRILL_DB_PASSWORD  a user that may read the restored cluster; without it those writes are unknown`,
  ['--drill spring', '--drill spring --execute'],
)
  .option('--drill <id>', 'the drill (default: environment variable DRILL, or the only one there is)')
  .option('--any-value', 'take back a target even if someone has given it another host since')
  .option('--execute', 'do it')
  .option('--json', 'print the steps as JSON');

const options = z.strictObject({
  drill: z.string().optional(),
  anyValue: z.boolean().default(false),
  execute: z.boolean().default(false),
  json: z.boolean().default(false),
});

void runScript(command, options, (asked) => {
  const drill = valueOf(findDrill(asked.drill ?? process.env['DRILL']));
  const run = (): Promise<ExitCode> => undo(drill, asked);
  return asked.execute ? oneAtATime(drill, 'undo', run) : run();
});

async function undo(drill: string, { anyValue, execute, json }: z.infer<typeof options>): Promise<ExitCode> {
  const plan = valueOf(readArtefact(drill, 'restorePlan'));
  const writes = await tellWritesSince(drill, plan.value);
  const steps = [
    liftFenceStep(drill, plan.value),
    swapBackStep(drill, plan.value),
    await repointBackStep(drill, plan, anyValue),
  ].flatMap((step) => step ?? []);
  if (steps.length === 0) {
    output.say(`drill '${drill}' has neither a repoint nor a swap nor a fence: there is nothing to undo`);
    return EXIT.nothingFound;
  }
  output.result(
    json
      ? JSON.stringify({ drill, writes, steps: steps.map(({ text }) => text) }, null, 2)
      : [writes, ...steps.map(({ text }, i) => `${i + 1}. ${text}`)].join('\n\n'),
  );
  if (!execute) {
    output.say(`\nnothing is changed yet; next: npm run undo -- --drill ${drill} --execute`);
    return EXIT.ok;
  }
  for (const step of steps) await step.execute();
  output.say(`\nthe way back is done; next: npm run arrival -- --drill ${drill}`);
  return EXIT.ok;
}
