import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { drillDirectory } from '../lib/artefact-files';
import { interrupted, output, runScript, scriptCommand } from '../lib/cli';
import { DrillRunner, StepFailed } from '../lib/drill/drill-runner';
import { RUN_MARKER } from '../lib/drill/marked-processes';
import { startWatchdog } from '../lib/drill/watchdog';
import { EXIT, type ExitCode } from '../lib/errors';
import { untilStarterIsGone } from '../lib/starter';
import { explainFailure, keepRunning, reportFailure } from './drill/ending';
import { STEPS, TEAR_DOWN, type Rehearsal } from './drill/rehearsal';

const command = scriptCommand(
  'drill',
  'Rehearses a whole restore on this machine, without an AWS account: a real database loses its rows, and gets them back.',
  ['', '--keep', '--incident delete-autocommit', '--engine aurora-postgresql', '--ledger'],
)
  .option('--keep', 'leave the sandbox and all that was made running at the end', false)
  .option('--engine <name>', 'what the clusters run: aurora-mysql or aurora-postgresql', 'aurora-mysql')
  .option('--incident <name>', 'what goes wrong', 'delete-in-transaction')
  .option('--ledger', 'with a second cluster, which is restored to the same instant', false);

const options = z.object({
  keep: z.boolean(),
  engine: z.enum(['aurora-mysql', 'aurora-postgresql']),
  incident: z.string(),
  ledger: z.boolean(),
});

void runScript(command, options, drill);

async function drill({ keep, engine, incident, ledger }: z.infer<typeof options>): Promise<ExitCode> {
  const run = randomUUID();
  const watchdog = startWatchdog(run);
  endWithStarter();
  const id = newDrillId();
  const steps = keep ? STEPS : [...STEPS, ...TEAR_DOWN];
  const rehearsal: Rehearsal = {
    drill: id,
    incident,
    engine,
    ledger,
    runner: new DrillRunner(id, steps.length, output, interrupted),
    signal: interrupted,
    env: { ...withoutPersonsCloud(process.env), [RUN_MARKER]: run, DRILL: id },
    sandbox: undefined,
    terraform: 'terraform',
  };
  output.say(`drill ${id}: everything goes to ${drillDirectory(id)}`);
  let finished = false;
  try {
    for (const step of steps) await step.run(rehearsal, step.name, step.phase);
    finished = true;
  } catch (error) {
    if (!(error instanceof StepFailed)) {
      output.say(
        `\nnext: 'npm run drill' begins anew; 'npm run report -- --drill ${id}' tells what there was of this one`,
      );
      throw error;
    }
    explainFailure(error, keep, id);
    await reportFailure(rehearsal, error.step);
    return EXIT.failure;
  } finally {
    if (keep && !interrupted.aborted) keepRunning(rehearsal);
    else await rehearsal.sandbox?.stop();
    // an interrupted apply lets Terraform end by itself, outside of our process group: the watchdog sees to that
    if (!interrupted.aborted) watchdog.standDown();
    if (finished)
      output.say(`\nthe drill passed; its report: ${drillDirectory(id)}/report.html (and report.md)`);
  }
  return EXIT.ok;
}

/** Makes the folder of a drill that is named by the second of its start; a second one in the same second gets the next name. */
function newDrillId(): string {
  for (let ms = Date.now(); ; ms += 1000) {
    const id = `rehearsal-${new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}`;
    mkdirSync(path.dirname(drillDirectory(id)), { recursive: true });
    try {
      mkdirSync(drillDirectory(id));
      return id;
    } catch (error) {
      if (!existsSync(drillDirectory(id))) throw error;
    }
  }
}

/** The rehearsal must never reach a real account, whatever the person's shell is logged in to. */
function withoutPersonsCloud(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([key]) => !key.startsWith('AWS_') && key !== 'DRILL'),
  );
}

/** A drill whose npm was killed must not go on alone. */
function endWithStarter(): void {
  void untilStarterIsGone(process.env).then(() => process.kill(process.pid, 'SIGTERM'));
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
