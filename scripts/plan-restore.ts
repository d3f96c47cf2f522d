import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { drillDirectory, findDrill, readArtefact, writeArtefact } from '../lib/artefact-files';
import type { RestorePlan } from '../lib/artefacts';
import { interrupted, output, parsedBy, runScript, scriptCommand } from '../lib/cli';
import { EXIT, valueOf, type Outcome } from '../lib/errors';
import {
  planRestore,
  type PlanRefusal,
  type PlanWishes,
  type RestorePlanBody,
} from '../lib/plan/plan-restore';
import { RdsReader } from '../lib/plan/rds';
import { renderPlan } from '../lib/plan/render-plan';
import { renderPlanMarkdown } from '../lib/plan/render-plan-markdown';
import { fetchCallerIdentity } from '../lib/plan/sts';
import { checkNothingRestored, readApplied } from '../lib/terraform/applied';
import { formatDuration, microsFromMillis, parseDurationMs } from '../lib/time';

const command = scriptCommand(
  'plan',
  'Decides how to restore: reads the source cluster, checks the restorable window, and writes drills/<id>/restore-plan.json for review. Changes nothing in AWS.',
  [
    '--drill 2026-01-02-accounts',
    '--drill 2026-01-02-accounts --show --markdown',
    '--drill 2026-01-02-accounts --instances 1 --instance-class db.t4g.medium',
  ],
)
  .option('--drill <id>', 'the drill (default: environment variable DRILL, or the only one there is)')
  .option(
    '--instances <count>',
    'how many instances the restored cluster gets (default: as many as the source)',
  )
  .option('--instance-class <class>', "class of the restored instances (default: the source's)")
  .option('--cluster-identifier <name>', 'name of the restored cluster (default: <source>-<drill>)')
  .option(
    '--earnest',
    'no drill: the restored cluster is to stay, with deletion protection and a final snapshot',
  )
  .option('--valid <duration>', 'for how long the plan may be applied', '3d')
  .option('--wait <duration>', 'how long to wait until the restore point is restorable', '15m')
  .option('--show', 'print the plan that there is, without making a new one; asks AWS nothing')
  .option('--markdown', 'print the plan as Markdown, for a pull request')
  .option('--json', 'print the plan as JSON');

const options = z.strictObject({
  drill: z.string().optional(),
  instances: z.coerce.number().int().min(1).optional(),
  instanceClass: z
    .string()
    .regex(/^db[.][a-z0-9.-]+$/, 'a class such as db.r6g.large')
    .optional(),
  clusterIdentifier: z.string().optional(),
  valid: parsedBy(parseDurationMs).refine((ms) => ms > 0, 'a plan must hold for some time'),
  wait: parsedBy(parseDurationMs),
  earnest: z.boolean().default(false),
  show: z.boolean().default(false),
  markdown: z.boolean().default(false),
  json: z.boolean().default(false),
});

/** RDS moves the latest restorable time every few minutes; a rehearsal's moves within a second. */
const POLL_MS = { first: 1000, most: 15_000 };

void runScript(command, options, async ({ valid, wait, json, markdown, ...asked }) => {
  const drill = valueOf(findDrill(asked.drill ?? process.env['DRILL']));
  const incident = valueOf(readArtefact(drill, 'incident'));
  const print = (plan: RestorePlan): void => {
    if (json) output.result(JSON.stringify(plan, null, 2));
    else output.result(markdown ? renderPlanMarkdown(plan, incident.value) : renderPlan(plan));
  };
  if (asked.show) {
    print(valueOf(readArtefact(drill, 'restorePlan')).value);
    return EXIT.ok;
  }
  valueOf(checkNothingRestored(drill, readApplied(drillDirectory(drill))));
  const rds = new RdsReader();
  const [{ account }, region] = await Promise.all([fetchCallerIdentity(), rds.region()]);
  const wishes: PlanWishes = {
    instances: { count: asked.instances, instanceClass: asked.instanceClass },
    clusterIdentifier: asked.clusterIdentifier,
    validForMs: valid,
    earnest: asked.earnest,
  };
  const decide = async (): Promise<Outcome<RestorePlanBody, PlanRefusal>> =>
    planRestore(
      {
        drill,
        incident: incident.value,
        incidentSha256: incident.sha256,
        account,
        region,
        ...valueOf(await rds.fetchFacts(incident.value.cluster)),
        now: microsFromMillis(Date.now()),
      },
      wishes,
    );

  const plan = valueOf(await onceRestorable(decide, wait));
  const written = writeArtefact(drill, 'restorePlan', plan);
  print(written.value);
  output.say(`\nwrote ${written.path}`);
  output.say(`next: review it, then 'DRILL=${drill} npx cdktf deploy restore'`);
  return EXIT.ok;
});

/** Decides again and again while nothing but time stands between the restore point and the window. */
async function onceRestorable(
  decide: () => Promise<Outcome<RestorePlanBody, PlanRefusal>>,
  timeoutMs: number,
): Promise<Outcome<RestorePlanBody, PlanRefusal>> {
  const until = performance.now() + timeoutMs;
  let outcome = await decide();
  if (outcome.ok || outcome.refusal.reason !== 'restore-point-too-recent') return outcome;
  output.say(outcome.refusal.message);
  const task = output.task(
    `waiting until the restore point is restorable, at most ${formatDuration(timeoutMs)}`,
  );
  try {
    for (let pause = POLL_MS.first; ; pause = Math.min(pause * 1.5, POLL_MS.most)) {
      if (outcome.ok || outcome.refusal.reason !== 'restore-point-too-recent') return outcome;
      if (performance.now() + pause > until) return outcome;
      await sleep(pause, undefined, { signal: interrupted });
      outcome = await decide();
    }
  } finally {
    task.stop();
  }
}
