import { setTimeout as sleep } from 'node:timers/promises';
import { findDrill, readArtefact, writeArtefact } from '../lib/artefact-files';
import type { RestorePlan } from '../lib/artefacts/restore-plan';
import { interrupted, output, runScript } from '../lib/cli';
import { EXIT, valueOf, type Outcome } from '../lib/errors';
import {
  planRestore,
  type PlanRefusal,
  type RestorePlanBody,
  type SourceFacts,
} from '../lib/plan/plan-restore';
import { RdsReader } from '../lib/plan/rds';
import { BackupReader } from '../lib/plan/rds-backups';
import { renderPlan } from '../lib/plan/render-plan';
import { renderPlanMarkdown } from '../lib/plan/render-plan-markdown';
import { fetchCallerIdentity } from '../lib/plan/sts';
import { checkNothingRestored, fetchApplied } from '../lib/terraform/applied';
import { formatDuration, microsFromMillis, parseInstant, type EpochMicros } from '../lib/time';
import { command, options } from './plan/options';
import { fetchSourceFacts } from './plan/source-facts';

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
  valueOf(checkNothingRestored(drill, await fetchApplied(drill)));
  const rds = new RdsReader();
  const backups = new BackupReader();
  const [{ account }, region] = await Promise.all([fetchCallerIdentity(), rds.region()]);
  const restoreTo = valueOf(parseInstant(incident.value.restoreTo));
  const { method, instances, choices } = asked;
  const sourceFacts = async (
    clusterIdentifier: string,
    resourceId: string | undefined,
    now: EpochMicros,
  ): Promise<SourceFacts> => {
    const { instanceClass } = instances;
    const question = { clusterIdentifier, resourceId, restoreTo, method, choices, instanceClass, now };
    return valueOf(await fetchSourceFacts(rds, backups, question));
  };
  const decide = async (): Promise<Outcome<RestorePlanBody, PlanRefusal>> => {
    const now = microsFromMillis(Date.now());
    const [first, further, taken] = await Promise.all([
      sourceFacts(incident.value.cluster, asked.resourceId, now),
      Promise.all(asked.withCluster.map((id) => sourceFacts(id, undefined, now))),
      rds.fetchTaken(),
    ]);
    const { sha256: incidentSha256, value } = incident;
    return planRestore(
      { drill, incident: value, incidentSha256, account, region, ...first, further, taken, now },
      { ...asked, validForMs: valid },
    );
  };

  const plan = valueOf(await onceRestorable(decide, wait));
  const written = writeArtefact(drill, 'restorePlan', plan);
  print(written.value);
  output.say(`\nwrote ${written.path}`);
  output.say(
    `next: review it, then 'npm run guard -- --drill ${drill} --check-window' and 'npm run apply -- --drill ${drill}'`,
  );
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
