import { z } from 'zod';
import { findDrill, readArtefact } from '../lib/artefact-files';
import { output, parsedBy, runScript, scriptCommand } from '../lib/cli';
import { namesNow } from '../lib/cutover/names-now';
import { patientRds } from '../lib/cutover/patient-rds';
import { checkEnded, planRetire, type PlannedRetirement } from '../lib/cutover/plan-retire';
import { RdsDeletion } from '../lib/cutover/rds-deletion';
import { readSwap } from '../lib/cutover/swap-journal';
import { oneAtATime } from '../lib/cutover/one-at-a-time';
import { EXIT, type ExitCode, RefusalError, valueOf } from '../lib/errors';
import { inUseBy, fetchApplied } from '../lib/terraform/applied';
import { microsFromMillis, parseDurationMs } from '../lib/time';
import { endOld } from './retire/end-old';
import { findDoomed } from './retire/find-doomed';
import { runScriptFile } from './undo/run-script';

const command = scriptCommand(
  'retire',
  `Ends what is not needed any more: what a drill restored, by Terraform; or, after a restore in earnest, the old cluster, with a final snapshot. Shows what would end; --execute ends it. Refuses while anyone is connected, while deletion protection is on, and before the waiting period is over.

Environment:
  DRILL_DB_USER, DRILL_DB_PASSWORD  a user that may see the sessions of others (PROCESS)`,
  ['--drill spring', '--drill incident-42 --execute --yes-delete trading-retired-20260102'],
)
  .option('--drill <id>', 'the drill (default: environment variable DRILL, or the only one there is)')
  .option('--after <duration>', 'how long the application must have been away from the old cluster', '7d')
  .option('--execute', 'do it')
  .option('--yes-delete <cluster...>', 'the names of the clusters that end, to confirm')
  .option('--json', 'print what ends as JSON');

const options = z.strictObject({
  drill: z.string().optional(),
  after: parsedBy(parseDurationMs),
  execute: z.boolean().default(false),
  yesDelete: z.array(z.string()).default([]),
  json: z.boolean().default(false),
});

void runScript(command, options, (asked) => {
  const drill = valueOf(findDrill(asked.drill ?? process.env['DRILL']));
  const run = (): Promise<ExitCode> => retire(drill, asked);
  return asked.execute ? oneAtATime(drill, 'retire', run) : run();
});

async function retire(
  drill: string,
  { after, execute, yesDelete, json }: z.infer<typeof options>,
): Promise<ExitCode> {
  const swap = readSwap(drill);
  const plan = valueOf(namesNow(valueOf(readArtefact(drill, 'restorePlan')).value, swap));
  const arrival = readArtefact(drill, 'arrival');
  const rds = new RdsDeletion(patientRds(plan.region));
  const applied = await fetchApplied(drill);
  const doomed = await findDoomed(plan, inUseBy(applied).length > 0, rds, process.env);
  const planned = valueOf(
    planRetire({
      plan,
      inUseBy: inUseBy(applied),
      arrival: arrival.ok ? arrival.value.value : undefined,
      swap,
      find: (identifier) => doomed.get(identifier),
      waitMs: after,
      now: microsFromMillis(Date.now()),
    }),
  );
  const names = planned.clusters.map(({ identifier }) => identifier);
  output.result(json ? JSON.stringify({ drill, ...planned }, null, 2) : render(planned));
  const confirm = names.map((name) => `--yes-delete ${name}`).join(' ');
  if (!execute) {
    output.say(`\nnothing ends yet; next: npm run retire -- --drill ${drill} --execute ${confirm}`);
    return EXIT.ok;
  }
  if ([...yesDelete].sort().join() !== [...names].sort().join()) {
    throw new RefusalError({
      reason: 'not-confirmed',
      message: `--yes-delete is ${yesDelete.length === 0 ? 'missing' : `'${yesDelete.join(', ')}'`}, expected the names of what ends, ${names.join(', ')}`,
      hint: `npm run retire -- --drill ${drill} --execute ${confirm}`,
    });
  }
  if (planned.kind === 'restored') {
    const stack = ['--drill', drill, '--stack', 'restore', '--destroy'];
    await runScriptFile('guard-plan', stack);
    await runScriptFile('apply', stack);
    const left = await Promise.all(names.map((name) => rds.fetch(name)));
    valueOf(
      checkEnded(
        planned,
        left.flatMap((cluster) => cluster ?? []),
      ),
    );
  } else {
    await endOld(planned, rds);
  }
  output.say(`\n${names.join(', ')} ${names.length === 1 ? 'has' : 'have'} ended`);
  return EXIT.ok;
}

function render(planned: PlannedRetirement): string {
  if (planned.kind === 'restored') {
    return planned.clusters
      .map(({ identifier }) => `the restored DB cluster ${identifier} ends, with its instances, by Terraform`)
      .join('\n');
  }
  return planned.clusters
    .map(
      ({ identifier, instances, finalSnapshot }) =>
        `the old DB cluster ${identifier} ends, with ${instances.join(', ')}; its data stays in the snapshot ${finalSnapshot}`,
    )
    .join('\n');
}
