import { z } from 'zod';
import { findDrill } from '../lib/artefact-files';
import { output, parsedBy, runScript, scriptCommand } from '../lib/cli';
import { describeSwapStep, stepsToTake, type SwapBody } from '../lib/cutover/plan-swap';
import { readSwap } from '../lib/cutover/swap-journal';
import { oneAtATime } from '../lib/cutover/one-at-a-time';
import { EXIT, type ExitCode, RefusalError, valueOf } from '../lib/errors';
import { parseDurationMs } from '../lib/time';
import { adoptRestored } from './swap/adopt-restored';
import { carryOutSwap } from './swap/carry-out';
import { forgetRestored } from './swap/forget-state';
import { planNow } from './swap/plan-now';

const command = scriptCommand(
  'swap',
  "Brings the application over by name: the old cluster and its instances get -retired-<date> names, the restored ones get the original names, and the endpoints come back as they were. Shows the steps; --execute takes them, goes on after a kill, and deletes nothing. 'npm run undo' takes them back.",
  ['--drill spring', '--drill spring --execute'],
)
  .option('--drill <id>', 'the drill (default: environment variable DRILL, or the only one there is)')
  .option(
    '--override-verification <reason>',
    'go on without a passed verification; the report gives the reason',
  )
  .option('--step-timeout <duration>', 'the longest that one step may take', '30m')
  .option('--execute', 'do it')
  .option('--json', 'print the journal as JSON');

const options = z.strictObject({
  drill: z.string().optional(),
  overrideVerification: z.string().trim().min(10, 'a reason in at least ten characters').optional(),
  stepTimeout: parsedBy(parseDurationMs),
  execute: z.boolean().default(false),
  json: z.boolean().default(false),
});

void runScript(command, options, (asked) => {
  const drill = valueOf(findDrill(asked.drill ?? process.env['DRILL']));
  const run = (): Promise<ExitCode> => swapNames(drill, asked);
  return asked.execute ? oneAtATime(drill, 'swap', run) : run();
});

async function swapNames(
  drill: string,
  { execute, json, stepTimeout, overrideVerification }: z.infer<typeof options>,
): Promise<ExitCode> {
  const swap = standing(drill) ?? (await planNow(drill, overrideVerification));
  const steps = stepsToTake(swap);
  if (!execute && swap.adoptedAt !== null) {
    output.result(json ? JSON.stringify(swap, null, 2) : steps.map(describeSwapStep).join('\n'));
    output.say(`\nthe names are exchanged already; the way back: npm run undo -- --drill ${drill}`);
    return EXIT.ok;
  }
  if (!execute) {
    output.result(
      json
        ? JSON.stringify(swap, null, 2)
        : steps.map((step, i) => `${i + 1}. ${describeSwapStep(step)}`).join('\n'),
    );
    output.say(
      '\nthe original name belongs to nobody between the last two steps of a cluster: about two minutes',
    );
    output.say(`nothing is changed yet; next: npm run swap -- --drill ${drill} --execute`);
    return EXIT.ok;
  }
  if (swap.startedAt === null) await forgetRestored(drill, swap);
  const done = await carryOutSwap(swap, stepTimeout);
  await adoptRestored(drill);
  output.result(json ? JSON.stringify(done, null, 2) : steps.map(describeSwapStep).join('\n'));
  output.say(`\nthe names are exchanged; the way back: npm run undo -- --drill ${drill}`);
  return EXIT.ok;
}

/** The journal to go on with; undefined to begin one. */
function standing(drill: string): SwapBody | undefined {
  const swap = readSwap(drill);
  if (swap === undefined || (swap.direction === 'back' && swap.adoptedAt !== null)) return undefined;
  if (swap.direction === 'forward') return swap;
  throw new RefusalError({
    reason: 'on-the-way-back',
    message: `the names of drill '${drill}' were being taken back`,
    hint: `finish that first: npm run undo -- --drill ${drill} --execute`,
  });
}
