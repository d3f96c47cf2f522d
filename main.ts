import path from 'node:path';
import { App } from 'cdktf';
import { findDrill, readArtefact } from './lib/artefact-files';
import { checkRepointAppliable, checkSameChecks } from './lib/cutover/appliable';
import { readChecksFile } from './lib/cutover/checks-file';
import { byDocument } from './lib/cutover/journal-targets';
import { namesDeclared } from './lib/cutover/names-now';
import { readSwap } from './lib/cutover/swap-journal';
import { describeTarget } from './lib/cutover/targets';
import { EXIT, messageOf, RefusalError, valueOf } from './lib/errors';
import { checkAppliable } from './lib/plan/appliable';
import { readSettings } from './lib/settings-file';
import { fetchApplied, findState, inUseBy, type Applied } from './lib/terraform/applied';
import { forgetOtherBackend } from './lib/terraform/forget-other-backend';
import { backendOf, type StateLocation } from './lib/terraform/state-location';
import { microsFromMillis } from './lib/time';
import { AppConfigStack } from './stacks/app-config-stack';
import { RestoredClusterStack } from './stacks/restored-cluster-stack';

/**
 * The CDKTF app: one drill's reviewed artefacts in, Terraform's configuration out. It calls no AWS
 * API, save to read Terraform's state where that lies in S3. Which drill is meant: environment
 * variable DRILL, or the only one there is. With the environment variable STACK only that stack is
 * declared: what is wrong with the repoint plan then does not stand in the way of a destroy of the
 * restored cluster.
 */
async function synthesize(): Promise<void> {
  const app = new App();
  const drill = valueOf(findDrill(process.env['DRILL']));
  const state = findState(drill, valueOf(readSettings()));
  const applied = await fetchApplied(drill);
  const only = process.env['STACK'] ?? '';
  const declare = { [RestoredClusterStack.id]: declareRestore, [AppConfigStack.id]: declareRepoint };
  for (const [stack, declareIn] of Object.entries(declare)) {
    if (only !== '' && only !== stack) continue;
    declareIn(app, drill, applied, state);
    forgetOtherBackend(path.join(app.outdir, 'stacks', stack), backendOf(state, stack));
  }
  app.synth();
}

function declareRestore(app: App, drill: string, applied: Applied, state: StateLocation): void {
  const swap = readSwap(drill);
  const plan = valueOf(namesDeclared(valueOf(readArtefact(drill, 'restorePlan')).value, swap));
  const adopt = swap !== undefined;
  if (!adopt || applied.restored.length > 0) {
    valueOf(checkAppliable(plan, applied.restored, microsFromMillis(Date.now())));
  }
  const inUse = inUseBy(applied).length > 0;
  new RestoredClusterStack(app, plan, state, { inUse, adopt });
}

/** Declared once a repoint is planned; whatever is wrong with that plan then stops the synthesis. */
function declareRepoint(app: App, drill: string, applied: Applied, state: StateLocation): void {
  const plan = readArtefact(drill, 'repointPlan');
  if (!plan.ok && plan.refusal.reason === 'missing-artefact') {
    say(`note: there is no stack 'repoint' yet; 'npm run plan-repoint -- --drill ${drill}' plans it`);
    return;
  }
  const { value } = valueOf(plan);
  const needed = value.direction === 'forward' && value.overriddenVerification === undefined;
  const verification = needed ? valueOf(readArtefact(drill, 'verification')).value : undefined;
  if (verification !== undefined) {
    valueOf(checkSameChecks(drill, verification, readChecksFile(verification)));
  }
  valueOf(checkRepointAppliable(value, verification, applied.targets));
  new AppConfigStack(app, value, state);
  const left = byDocument(value).map(([target]) => describeTarget({ ...target, key: null }));
  if (left.length === 0) return;
  say(`note: Terraform leaves ${left.join(', ')} to 'npm run apply -- --drill ${drill} --stack repoint'`);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

synthesize().catch((error: unknown) => {
  // one message: cdktf shows it under its own, and a stack trace of ours would bury it
  say(error instanceof RefusalError ? `refused: ${error.message}` : `failed: ${messageOf(error)}`);
  if (process.env['DEBUG'] !== undefined && error instanceof Error) say(error.stack ?? '');
  process.exitCode = error instanceof RefusalError ? EXIT.refused : EXIT.failure;
});
