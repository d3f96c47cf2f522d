import { isSet, sameSetting } from '../approved-settings';
import { answer, notApplicable, type Rule } from '../rule';
import { createdResources, show } from '../terraform-plan';

/** The other ways in which the provider can fill a new cluster. */
const OTHER_ORIGINS = ['snapshot_identifier', 's3_import', 'replication_source_identifier', 'source_region'];

export const restorePoint: Rule = {
  name: 'restore-point',
  title: 'the cluster is restored from the approved source to the approved second',
  check: ({ terraform, approved }) => {
    if (approved.kind !== 'restore') return notApplicable('nothing is restored');
    const clusters = createdResources(terraform).filter(({ type }) => type === 'aws_rds_cluster');
    if (clusters.length === 0) return notApplicable('the cluster has been restored already');
    const { source, restoreTo } = approved.restore;
    const expected = [{ source_cluster_identifier: source.clusterIdentifier, restore_to_time: restoreTo }];
    return answer(
      clusters.flatMap(({ address, change: { after } }) => {
        const found = after?.['restore_to_point_in_time'];
        const wrong = sameSetting(found, expected)
          ? []
          : [`restore_to_point_in_time is ${show(found)}, expected ${show(expected)}`];
        const others = OTHER_ORIGINS.filter((attribute) => isSet(after?.[attribute])).map(
          (attribute) => `${attribute} is ${show(after?.[attribute])}, expected nothing`,
        );
        return [...wrong, ...others].map((problem) => ({ address, problem }));
      }),
    );
  },
};

/** Attributes that this rule answers for. */
export const RESTORE_POINT_ATTRIBUTES: readonly string[] = ['restore_to_point_in_time', ...OTHER_ORIGINS];
