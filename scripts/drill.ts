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
import { environmentFile, STEPS, TEAR_DOWN, type Rehearsal } from './drill/rehearsal';

const command = scriptCommand(
  'drill',
  'Rehearses a whole restore on this machine, without an AWS account: a real database loses its rows, and gets them back.',
  ['', '--keep', '--incident delete-autocommit'],
)
  .option('--keep', 'leave the sandbox and all that was made running at the end', false)
  .option('--incident <name>', 'what goes wrong', 'delete-in-transaction');

void runScript(command, z.object({ keep: z.boolean(), incident: z.string() }), drill);

async function drill(options: { keep: boolean; incident: string }): Promise<ExitCode> {
  const run = randomUUID();
  const watchdog = startWatchdog(run);
  endWithStarter();
  const id = newDrillId();
  const steps = options.keep ? STEPS : [...STEPS, ...TEAR_DOWN];
  const rehearsal: Rehearsal = {
    drill: id,
    incident: options.incident,
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
    explain(error, options.keep, id);
    await reportFailure(rehearsal, error.step);
    return EXIT.failure;
  } finally {
    if (options.keep && !interrupted.aborted) keepRunning(rehearsal);
    else await rehearsal.sandbox?.stop();
    watchdog.standDown();
    if (finished) sayWhatWasMade(id);
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

function keepRunning({ sandbox, drill: id }: Rehearsal): void {
  if (sandbox === undefined) return;
  sandbox.release();
  output.say(
    `\nthe sandbox goes on as process ${sandbox.pid}; end it, with all that was made, by: kill ${sandbox.pid}`,
  );
  output.say(`  to work with it: source ${environmentFile(id)}`);
}

function explain(
  { step, command: failed, causeLines, logFile }: StepFailed,
  keep: boolean,
  id: string,
): void {
  output.say(`\nfailed: step '${step}': ${failed}`);
  for (const line of causeLines) output.say(`    ${line}`);
  if (logFile !== undefined) output.say(`  log: ${logFile}`);
  output.say(
    keep
      ? `  next: source ${environmentFile(id)}, mend the cause, run the step's command again, then those after it`
      : "  next: mend the cause and run 'npm run drill' again; with -- --keep the sandbox stays for a look inside",
  );
}

/** A drill that fails has its evidence too. */
async function reportFailure({ runner, env, drill: id }: Rehearsal, failed: string): Promise<void> {
  if (failed === 'report') return;
  try {
    await runner.command('report', 'tear-down', `npm run --silent report -- --drill ${id}`, env, 'result');
  } catch {
    output.say(`  it could not be written: npm run report -- --drill ${id}`);
  }
}

function sayWhatWasMade(id: string): void {
  output.say(`\nthe drill passed; its report: ${drillDirectory(id)}/report.html (and report.md)`);
}
