import type { PlannedCluster } from '../../../artefacts/restore-plan';
import { plannedClusterOf } from '../approved';
import { sameSetting, type Settings } from '../approved-settings';
import { answer, notApplicable, type Rule } from '../rule';
import { createdResources, isUnknown, show } from '../terraform-plan';

export const restorePoint: Rule = {
  name: 'restore-point',
  title: 'every cluster is restored from its approved source or snapshot, to the approved second',
  check: ({ terraform, approved }) => {
    if (approved.kind !== 'restore') return notApplicable('nothing is restored');
    const clusters = createdResources(terraform).filter(({ type }) => type === 'aws_rds_cluster');
    if (clusters.length === 0) return notApplicable('the cluster has been restored already');
    return answer(
      clusters.flatMap((cluster) => {
        const planned = plannedClusterOf(cluster, terraform, approved.restore);
        // one that is not of the plan is refused by another rule
        if (planned === undefined) return [];
        const {
          address,
          change: { after },
        } = cluster;
        const expected = originOf(planned, approved.restore.restoreTo);
        return RESTORE_POINT_ATTRIBUTES.filter(
          (attribute) =>
            // none of them is RDS's to fill in
            isUnknown(cluster, attribute) || !sameSetting(after?.[attribute], expected[attribute]),
        ).map((attribute) => ({
          address,
          problem: `${attribute} is ${isUnknown(cluster, attribute) ? 'known after the apply only' : show(after?.[attribute])}, expected ${show(expected[attribute])}`,
        }));
      }),
    );
  },
};

/** The one attribute that fills the cluster, as approved; every other one must be unset. */
function originOf({ method, source }: PlannedCluster, restoreTo: string): Settings {
  if (method.kind === 'snapshot') return { snapshot_identifier: method.snapshot.arn };
  const from = source.deleted
    ? { source_cluster_resource_id: source.resourceId }
    : { source_cluster_identifier: source.clusterIdentifier };
  return { restore_to_point_in_time: [{ ...from, restore_to_time: restoreTo }] };
}

/** Attributes that this rule answers for: all ways in which the provider can fill a new cluster. */
export const RESTORE_POINT_ATTRIBUTES: readonly string[] = [
  'restore_to_point_in_time',
  'snapshot_identifier',
  's3_import',
  'replication_source_identifier',
  'source_region',
];
