import { readEvenIfStale, writeArtefact, type StoredArtefact } from '../../lib/artefact-files';
import { AT_ONCE } from '../../lib/cutover/appconfig';
import { patientRds } from '../../lib/cutover/patient-rds';
import { planRepoint } from '../../lib/cutover/plan-repoint';
import { RdsNames } from '../../lib/cutover/rds-names';
import { renderRepoint } from '../../lib/cutover/render-repoint';
import { checkOldThere } from '../../lib/cutover/still-there';
import { valueOf } from '../../lib/errors';
import { RdsReader } from '../../lib/plan/rds';
import { fetchCallerIdentity } from '../../lib/plan/sts';
import { microsFromMillis } from '../../lib/time';
import { readJournal } from '../repoint/carry-out';
import { fetchTargets, requestsOf } from '../repoint/targets';
import { runScriptFile } from './run-script';
import type { UndoStep } from './undo-step';

/** Gives every target of the repoint plan the host back that it had before; undefined where nothing was ever planned. */
export async function repointBackStep(
  drill: string,
  restorePlan: StoredArtefact<'restorePlan'>,
  anyValue: boolean,
): Promise<UndoStep | undefined> {
  const stored = readEvenIfStale(drill, 'repointPlan');
  if (!stored.ok && stored.refusal.reason === 'missing-artefact') return undefined;
  const previous = valueOf(stored).value;
  // one that is damaged must stop this before anything is written
  readJournal(drill);
  const [{ account }, region, found, names] = await Promise.all([
    fetchCallerIdentity(),
    new RdsReader().region(),
    fetchTargets(requestsOf(previous, []), strategyOf(previous)),
    new RdsNames(patientRds(previous.region)).fetch(),
  ]);
  valueOf(checkOldThere(restorePlan.value, names));
  const facts = {
    restorePlan: restorePlan.value,
    restorePlanSha256: restorePlan.sha256,
    verification: undefined,
    override: undefined,
    restored: [],
    account,
    region,
    found,
    previous,
    now: microsFromMillis(Date.now()),
  };
  const planned = valueOf(planRepoint(facts, 'back', anyValue));
  return {
    text: renderRepoint(planned),
    execute: async () => {
      writeArtefact(drill, 'repointPlan', planned.plan);
      const stack = ['--drill', drill, '--stack', 'repoint'];
      await runScriptFile('guard-plan', stack);
      await runScriptFile('apply', stack);
    },
  };
}

function strategyOf({ targets }: StoredArtefact<'repointPlan'>['value']): string {
  return (
    targets.flatMap((target) => ('deploymentStrategy' in target ? target.deploymentStrategy : []))[0] ??
    AT_ONCE
  );
}
