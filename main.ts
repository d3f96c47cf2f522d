import { App } from 'cdktf';
import { drillDirectory, findDrill, readArtefact } from './lib/artefact-files';
import type { RestorePlan } from './lib/artefacts';
import { checkRepointAppliable } from './lib/cutover/appliable';
import { EXIT, messageOf, RefusalError, valueOf } from './lib/errors';
import { checkAppliable, type RestoredInState } from './lib/plan/appliable';
import { readManagedResources } from './lib/terraform/terraform-state';
import { microsFromMillis } from './lib/time';
import { AppConfigStack } from './stacks/app-config-stack';
import { statePath } from './stacks/aws-stack';
import { RestoredClusterStack } from './stacks/restored-cluster-stack';

/**
 * The CDKTF app: one drill's reviewed artefacts in, Terraform's configuration out. It calls no AWS
 * API. Which drill is meant: environment variable DRILL, or the only one there is.
 */
function synthesize(): void {
  const app = new App();
  const drill = valueOf(findDrill(process.env['DRILL']));
  declareRestore(app, drill);
  declareRepoint(app, drill);
  app.synth();
}

function declareRestore(app: App, drill: string): void {
  const plan: RestorePlan = valueOf(readArtefact(drill, 'restorePlan')).value;
  const directory = drillDirectory(drill);
  valueOf(checkAppliable(plan, restoredInState(directory), microsFromMillis(Date.now())));
  new RestoredClusterStack(app, plan, directory);
}

/** Declared once a repoint is planned; whatever is wrong with that plan then stops the synthesis. */
function declareRepoint(app: App, drill: string): void {
  const directory = drillDirectory(drill);
  const plan = readArtefact(drill, 'repointPlan');
  if (!plan.ok && plan.refusal.reason === 'missing-artefact') {
    say(`note: there is no stack 'repoint' yet; 'npm run plan-repoint -- --drill ${drill}' plans it`);
    return;
  }
  const verification = valueOf(readArtefact(drill, 'verification')).value;
  const managed = readManagedResources(statePath(directory, AppConfigStack.id))
    .filter(({ type }) => type === 'aws_ssm_parameter')
    .map(({ attributes }) => String(attributes['name']));
  valueOf(checkRepointAppliable(valueOf(plan).value, verification, managed));
  new AppConfigStack(app, valueOf(plan).value, directory);
}

function restoredInState(directory: string): RestoredInState | undefined {
  const cluster = readManagedResources(statePath(directory, RestoredClusterStack.id)).find(
    ({ type }) => type === 'aws_rds_cluster',
  )?.attributes;
  if (cluster === undefined) return undefined;
  const restores = cluster['restore_to_point_in_time'] as readonly { restore_to_time?: string }[] | null;
  return {
    clusterIdentifier: String(cluster['cluster_identifier']),
    restoreTo: restores?.[0]?.restore_to_time ?? null,
  };
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
