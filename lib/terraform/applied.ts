import path from 'node:path';
import { accept, refuse, type Outcome, type Refusal } from '../errors';
import { readManagedResources } from './terraform-state';

/** What a drill has applied already, as the local state files beside its artefacts say. */
export interface Applied {
  readonly restored:
    | {
        readonly clusterIdentifier: string;
        /** As it was asked for; null for a cluster that was imported. */
        readonly restoreTo: string | null;
        readonly endpoint: string;
      }
    | undefined;
  /** The application's parameters, with the value that Terraform gave them last. */
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
}

/** Where a stack's local state lies: beside the artefacts, but ignored by git. */
export function statePath(drillDirectory: string, stackId: string): string {
  return path.join(drillDirectory, `${stackId}.tfstate`);
}

export function readApplied(drillDirectory: string): Applied {
  const cluster = readManagedResources(statePath(drillDirectory, 'restore')).find(
    ({ type }) => type === 'aws_rds_cluster',
  )?.attributes;
  const [restore] = (cluster?.['restore_to_point_in_time'] ?? []) as readonly { restore_to_time?: string }[];
  return {
    restored: cluster && {
      clusterIdentifier: String(cluster['cluster_identifier']),
      restoreTo: restore?.restore_to_time ?? null,
      endpoint: String(cluster['endpoint']),
    },
    parameters: readManagedResources(statePath(drillDirectory, 'repoint'))
      .filter(({ type }) => type === 'aws_ssm_parameter')
      .map(({ attributes }) => ({ name: String(attributes['name']), value: String(attributes['value']) })),
  };
}

/** Parameters that lead the application to the restored cluster now. */
export function inUseBy({ restored, parameters }: Applied): string[] {
  return parameters.filter(({ value }) => value === restored?.endpoint).map(({ name }) => name);
}

/** Incident and plan are what the restored cluster was made from: replacing them would leave it without its evidence. */
export function checkNothingRestored(
  drill: string,
  { restored }: Applied,
): Outcome<undefined, Refusal<'already-restored'>> {
  if (restored === undefined) return accept(undefined);
  return refuse({
    reason: 'already-restored',
    message: `drill '${drill}' has restored '${restored.clusterIdentifier}' already; its incident and plan are the evidence of that`,
    hint: `look again under another name, such as --drill ${drill.slice(0, 38)}-2, or end this one first: DRILL=${drill} npx cdktf destroy restore`,
  });
}

/** Once the application writes to the restored cluster, its writes cannot be told from a wrong restore point. */
export function checkNotRepointed(
  drill: string,
  applied: Applied,
): Outcome<undefined, Refusal<'already-repointed'>> {
  const names = inUseBy(applied);
  if (names.length === 0) return accept(undefined);
  return refuse({
    reason: 'already-repointed',
    message: `the application is on the restored cluster already (${names.join(', ')}): what it wrote there would look like a wrong restore point`,
    hint: `verification.json holds the verdict from before; the way back is: npm run plan-repoint -- --drill ${drill} --back`,
  });
}
