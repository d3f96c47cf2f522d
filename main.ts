import path from 'node:path';
import { App } from 'cdktf';
import { drillDirectory, findDrill, readArtefact } from './lib/artefact-files';
import { checkRepointAppliable } from './lib/cutover/appliable';
import { EXIT, messageOf, RefusalError, valueOf } from './lib/errors';
import { checkAppliable } from './lib/plan/appliable';
import { inUseBy, readApplied, statePath, type Applied } from './lib/terraform/applied';
import { forgetOtherBackend } from './lib/terraform/forget-other-backend';
import { microsFromMillis } from './lib/time';
import { AppConfigStack } from './stacks/app-config-stack';
import { RestoredClusterStack } from './stacks/restored-cluster-stack';

/**
 * The CDKTF app: one drill's reviewed artefacts in, Terraform's configuration out. It calls no AWS
 * API. Which drill is meant: environment variable DRILL, or the only one there is. With the
 * environment variable STACK only that stack is declared: what is wrong with the repoint plan then
 * does not stand in the way of a destroy of the restored cluster.
 */
function synthesize(): void {
  const app = new App();
  const drill = valueOf(findDrill(process.env['DRILL']));
  const applied = readApplied(drillDirectory(drill));
  const only = process.env['STACK'] ?? '';
  const declare = { [RestoredClusterStack.id]: declareRestore, [AppConfigStack.id]: declareRepoint };
  for (const [stack, declareIn] of Object.entries(declare)) {
    if (only !== '' && only !== stack) continue;
    declareIn(app, drill, applied);
    forgetOtherBackend(path.join(app.outdir, 'stacks', stack), statePath(drillDirectory(drill), stack));
  }
  app.synth();
}

function declareRestore(app: App, drill: string, applied: Applied): void {
  const plan = valueOf(readArtefact(drill, 'restorePlan')).value;
  valueOf(checkAppliable(plan, applied.restored, microsFromMillis(Date.now())));
  const inUse = inUseBy(applied).length > 0;
  new RestoredClusterStack(app, plan, drillDirectory(drill), { inUse });
}

/** Declared once a repoint is planned; whatever is wrong with that plan then stops the synthesis. */
function declareRepoint(app: App, drill: string, applied: Applied): void {
  const plan = readArtefact(drill, 'repointPlan');
  if (!plan.ok && plan.refusal.reason === 'missing-artefact') {
    say(`note: there is no stack 'repoint' yet; 'npm run plan-repoint -- --drill ${drill}' plans it`);
    return;
  }
  const verification = valueOf(readArtefact(drill, 'verification')).value;
  const managed = applied.parameters.map(({ name }) => name);
  valueOf(checkRepointAppliable(valueOf(plan).value, verification, managed));
  new AppConfigStack(app, valueOf(plan).value, drillDirectory(drill));
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

try {
  synthesize();
} catch (error) {
  // one message: cdktf shows it under its own, and a stack trace of ours would bury it
  say(error instanceof RefusalError ? `refused: ${error.message}` : `failed: ${messageOf(error)}`);
  if (process.env['DEBUG'] !== undefined && error instanceof Error) say(error.stack ?? '');
  process.exitCode = error instanceof RefusalError ? EXIT.refused : EXIT.failure;
}
