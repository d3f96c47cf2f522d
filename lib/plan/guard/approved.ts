import type { RepointPlan } from '../../artefacts/repoint-plan';
import type { PlannedCluster, RestorePlan } from '../../artefacts/restore-plan';
import { unreachable } from '../../errors';
import type { ResourceChange, TerraformPlan } from './terraform-plan';

/** What people have approved, and what is to be done with it. */
export type Approved =
  | {
      readonly kind: 'restore';
      readonly restore: RestorePlan;
      /** Names have been swapped: what was restored is taken into the state under its new name, and nothing is made. */
      readonly adopts?: boolean;
    }
  | { readonly kind: 'destroy'; readonly restore: RestorePlan }
  | { readonly kind: 'repoint'; readonly restore: RestorePlan; readonly repoint: RepointPlan };

/** One resource that Terraform may touch, found by what it is in AWS and not by its address. */
export interface ApprovedResource {
  readonly type: string;
  /** The attribute that names it in AWS. */
  readonly key: string;
  readonly name: string;
  /** By what an import finds it; undefined for what is never imported. */
  readonly importId?: string;
  /** Identifier of the cluster that it is of, where its name alone does not tell. */
  readonly of?: string;
}

/** Everything that a Terraform plan of this stack has to hold, and nothing else may be in it. */
export function approvedResources(approved: Approved): ApprovedResource[] {
  if (approved.kind === 'repoint') {
    return approved.repoint.targets.flatMap((target) => approvedTarget(target) ?? []);
  }
  return approved.restore.clusters.flatMap(({ restored }) => [
    { type: 'aws_rds_cluster', key: 'cluster_identifier', name: restored.clusterIdentifier },
    ...restored.instances.map(({ identifier }) => ({
      type: 'aws_rds_cluster_instance',
      key: 'identifier',
      name: identifier,
    })),
    ...restored.roles.flatMap(({ arn, feature }) =>
      feature === null
        ? []
        : [
            {
              type: 'aws_rds_cluster_role_association',
              key: 'feature_name',
              name: feature,
              importId: `${restored.clusterIdentifier},${arn}`,
              of: restored.clusterIdentifier,
            },
          ],
    ),
  ]);
}

/** A target as Terraform manages it; undefined for those that it does not. */
export function approvedTarget(target: RepointPlan['targets'][number]): ApprovedResource | undefined {
  const { name } = target;
  switch (target.kind) {
    case 'ssm-parameter':
      return { type: 'aws_ssm_parameter', key: 'name', name, importId: name };
    case 'dns-record':
      return { type: 'aws_route53_record', key: 'name', name, importId: `${target.zoneId}_${name}_CNAME` };
    case 'ssm-parameter-text':
    case 'secret':
    case 'appconfig':
      return undefined;
    default:
      return unreachable(target);
  }
}

/**
 * The cluster of the restore plan that a resource is, or is of. A role association names its
 * cluster by reference alone as long as that does not exist. Undefined for a resource that is not
 * of the plan, which a rule of its own refuses.
 */
export function plannedClusterOf(
  change: ResourceChange,
  terraform: TerraformPlan,
  { clusters }: RestorePlan,
): PlannedCluster | undefined {
  const values = change.change.after ?? change.change.before ?? {};
  const named = (name: unknown): PlannedCluster | undefined =>
    clusters.find(({ restored }) => restored.clusterIdentifier === name);
  switch (change.type) {
    case 'aws_rds_cluster':
      return named(values['cluster_identifier']);
    case 'aws_rds_cluster_instance':
      return clusters.find(({ restored }) =>
        restored.instances.some(({ identifier }) => identifier === values['identifier']),
      );
    case 'aws_rds_cluster_role_association':
      return named(values['db_cluster_identifier'] ?? referredCluster(change, terraform));
    default:
      return undefined;
  }
}

function referredCluster({ address }: ResourceChange, terraform: TerraformPlan): unknown {
  const { resources } = terraform.configuration.root_module;
  const configured = resources.find((one) => one.address === address);
  const [reference] = referencesIn(configured?.expressions['db_cluster_identifier']);
  const cluster = terraform.resource_changes.find((one) => reference === `${one.address}.id`);
  return cluster?.change.after?.['cluster_identifier'];
}

/** What an expression of Terraform's configuration refers to, the most exact first. */
export function referencesIn(expression: unknown): string[] {
  if (typeof expression !== 'object' || expression === null) return [];
  return Object.entries(expression).flatMap(([key, value]: [string, unknown]) =>
    key === 'references' && Array.isArray(value) ? value.map(String) : referencesIn(value),
  );
}
