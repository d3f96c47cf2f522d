import { output } from '../../lib/cli';
import type { StepFailed } from '../../lib/drill/drill-runner';
import { environmentFile, type Rehearsal } from './rehearsal';

/** Lets the sandbox live on after the drill, and says how to use and end it. */
export function keepRunning({ sandbox, drill: id }: Rehearsal): void {
  if (sandbox === undefined) return;
  sandbox.release();
  output.say(
    `\nthe sandbox goes on as process ${sandbox.pid}; end it, with all that was made, by: kill ${sandbox.pid}`,
  );
  output.say(`  to work with it: source ${environmentFile(id)}`);
}

/** Step, cause, log file, and how to go on. */
export function explainFailure(
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
export async function reportFailure({ runner, env, drill: id }: Rehearsal, failed: string): Promise<void> {
  if (failed === 'report') return;
  try {
    await runner.command('report', 'tear-down', `npm run --silent report -- --drill ${id}`, env, 'result');
  } catch {
    output.say(`  it could not be written: npm run report -- --drill ${id}`);
  }
}
