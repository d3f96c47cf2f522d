import type { RepointPlan, RestorePlan } from '../../artefacts';

/** What people have approved, and what is to be done with it. */
export type Approved =
  | { readonly kind: 'restore'; readonly restore: RestorePlan }
  | { readonly kind: 'destroy'; readonly restore: RestorePlan }
  | { readonly kind: 'repoint'; readonly restore: RestorePlan; readonly repoint: RepointPlan };

/** One resource that Terraform may touch, found by what it is in AWS and not by its address. */
export interface ApprovedResource {
  readonly type: string;
  /** The attribute that names it in AWS. */
  readonly key: string;
  readonly name: string;
}

/** Everything that a Terraform plan of this stack has to hold, and nothing else may be in it. */
export function approvedResources(approved: Approved): ApprovedResource[] {
  if (approved.kind === 'repoint') {
    return approved.repoint.targets.map(({ name }) => ({ type: 'aws_ssm_parameter', key: 'name', name }));
  }
  const { restored } = approved.restore;
  return [
    { type: 'aws_rds_cluster', key: 'cluster_identifier', name: restored.clusterIdentifier },
    ...restored.instances.map(({ identifier }) => ({
      type: 'aws_rds_cluster_instance',
      key: 'identifier',
      name: identifier,
    })),
    ...restored.roles.flatMap(({ feature }) =>
      feature === null
        ? []
        : [{ type: 'aws_rds_cluster_role_association', key: 'feature_name', name: feature }],
    ),
  ];
}
