import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { findDrill, readArtefact } from '../lib/artefact-files';
import { interrupted, output, runScript, scriptCommand } from '../lib/cli';
import { EXIT, RefusalError, valueOf } from '../lib/errors';
import type { Approved } from '../lib/plan/guard/approved';
import { renderGuard } from '../lib/plan/guard/render-guard';
import { runGuard } from '../lib/plan/guard/run-guard';
import { parseTerraformPlan } from '../lib/plan/guard/terraform-plan';
import { RdsReader } from '../lib/plan/rds';
import { checkStillRestorable } from '../lib/plan/still-restorable';
import { initializeAndFetchPlanJson } from '../lib/terraform/terraform-cli';
import { setUpTerraform, TERRAFORM_DIRECTORY } from '../lib/terraform/terraform-environment';
import { microsFromMillis } from '../lib/time';
import { synthesize } from './guard/synthesis';

const command = scriptCommand(
  'guard',
  'Refuses a Terraform plan that does anything but what was approved. Synthesizes the stack and plans it, or reads a plan; applies nothing.',
  [
    '--drill spring --check-window',
    '--drill spring --stack repoint',
    '--drill spring --destroy',
    '--drill spring --plan-json plan.json',
  ],
)
  .option('--stack <stack>', 'restore or repoint: what is about to be applied', 'restore')
  .option('--drill <id>', 'the drill (default: environment variable DRILL, or the only one there is)')
  .option('--plan-json <file>', "what 'terraform show -json' printed of a plan; - reads stdin")
  .option('--destroy', "a plan of 'destroy': it may delete what this drill has restored, and nothing else")
  .option('--check-window', 'read the source cluster again: the restore point must still be restorable')
  .option('--output <directory>', 'where to synthesize (default: as cdktf)', 'cdktf.out')
  .option('--json', 'print the judgement as JSON');

const options = z
  .strictObject({
    stack: z.enum(['restore', 'repoint']),
    drill: z.string().optional(),
    planJson: z.string().optional(),
    destroy: z.boolean().default(false),
    checkWindow: z.boolean().default(false),
    output: z.string(),
    json: z.boolean().default(false),
  })
  .refine(({ stack, destroy }) => stack === 'restore' || !destroy, 'a repoint is never destroyed')
  .refine(
    ({ stack, destroy, checkWindow }) => !checkWindow || (stack === 'restore' && !destroy),
    'only a restore has a window to check',
  );
type Options = z.infer<typeof options>;

void runScript(command, options, async (asked) => {
  const drill = valueOf(findDrill(asked.drill ?? process.env['DRILL']));
  const approved = readApproved(drill, asked);
  const text = asked.planJson === undefined ? await planNow(drill, asked) : read(asked.planJson);
  const terraform = valueOf(parseTerraformPlan(text));
  if (asked.checkWindow && approved.kind === 'restore') {
    const source = await new RdsReader().fetchFacts(approved.restore.source.clusterIdentifier);
    const now = microsFromMillis(Date.now());
    valueOf(checkStillRestorable(approved.restore, valueOf(source).source, now));
  }

  const report = runGuard({ approved, terraform, now: microsFromMillis(Date.now()) });
  output.result(asked.json ? JSON.stringify({ drill, ...report }, null, 2) : renderGuard(report));
  if (report.verdict === 'pass') return EXIT.ok;
  output.refusal({
    reason: 'not-as-approved',
    message: `this Terraform plan is not what was approved in drill '${drill}'`,
    hint: "do not apply it: undo what causes the findings, or plan again with 'npm run plan' and have that reviewed",
  });
  return EXIT.refused;
});

function readApproved(drill: string, { stack, destroy }: Options): Approved {
  const restore = valueOf(readArtefact(drill, 'restorePlan')).value;
  if (stack === 'restore') return { kind: destroy ? 'destroy' : 'restore', restore };
  return { kind: 'repoint', restore, repoint: valueOf(readArtefact(drill, 'repointPlan')).value };
}

/** The plan that an apply from here would make. */
async function planNow(drill: string, asked: Options): Promise<string> {
  const setup = valueOf(await setUpTerraform({ env: process.env, directory: TERRAFORM_DIRECTORY }));
  const outputDirectory = path.resolve(asked.output);
  const task = output.task(`planning stack ${asked.stack}`);
  try {
    const exitCode = await synthesize(drill, asked.stack, outputDirectory, interrupted);
    if (exitCode !== 0) throw notSynthesized(exitCode);
    const stackDirectory = path.join(outputDirectory, 'stacks', asked.stack);
    const run = { setup, env: process.env, stackDirectory, signal: interrupted };
    return await initializeAndFetchPlanJson(run, asked.destroy ? ['-destroy'] : []);
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

function read(file: string): string {
  return readFileSync(file === '-' ? process.stdin.fd : file, 'utf8');
}
