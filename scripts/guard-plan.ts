import { readFileSync } from 'node:fs';
import { drillDirectory, findDrill } from '../lib/artefact-files';
import { output, runScript } from '../lib/cli';
import { EXIT, valueOf } from '../lib/errors';
import { renderGuard } from '../lib/plan/guard/render-guard';
import { runGuard } from '../lib/plan/guard/run-guard';
import { createdNames, parseTerraformPlan } from '../lib/plan/guard/terraform-plan';
import { applyCommand, type Subject } from '../lib/terraform/commands';
import { forgetGuardedPlan, guardedPlanFile, keepGuardedPlan } from '../lib/terraform/guarded-plan';
import { formatInstant, microsFromMillis } from '../lib/time';
import { readApproved } from './guard/approved';
import { command, options } from './guard/options';
import { planNow, type PlannedNow } from './guard/plan-now';
import { requireStillRestorable } from './guard/still-restorable';

void runScript(command, options, async ({ stack, destroy, planJson, json, ...asked }) => {
  const drill = valueOf(findDrill(asked.drill ?? process.env['DRILL']));
  const subject: Subject = { drill, stack, destroy };
  const { approved, sha256 } = readApproved(subject);
  const planFile = guardedPlanFile(drillDirectory(drill), subject);
  const planned: Partial<PlannedNow> & Pick<PlannedNow, 'json'> =
    planJson === undefined ? await planNow(subject, planFile, asked.output) : { json: read(planJson) };
  const terraform = valueOf(parseTerraformPlan(planned.json));
  const creates = createdNames(terraform);
  if (asked.checkWindow) await requireStillRestorable(approved.restore, creates);

  const now = microsFromMillis(Date.now());
  const report = runGuard({ approved, terraform, now });
  output.result(json ? JSON.stringify({ drill, ...report }, null, 2) : renderGuard(report));
  if (report.verdict === 'pass') {
    if (planned.stackDirectory === undefined) return EXIT.ok;
    const { stackDirectory } = planned;
    const guardedAt = formatInstant(now);
    keepGuardedPlan(planFile, { ...subject, guardedAt, stackDirectory, creates, approved: sha256 });
    output.say(`next: ${applyCommand(subject)}`);
    return EXIT.ok;
  }
  if (planJson === undefined) forgetGuardedPlan(planFile);
  output.refusal({
    reason: 'not-as-approved',
    message: `this Terraform plan is not what was approved in drill '${drill}'`,
    hint: "do not apply it: undo what causes the findings, or plan again with 'npm run plan' and have that reviewed",
  });
  return EXIT.refused;
});

function read(file: string): string {
  return readFileSync(file === '-' ? process.stdin.fd : file, 'utf8');
}
