import { answer, type Rule } from '../rule';
import { managedChanges, show } from '../terraform-plan';

/** Attributes by which a resource is a cluster, or belongs to one. */
const OF_A_CLUSTER = [
  'arn',
  'cluster_identifier',
  'cluster_resource_id',
  'db_cluster_arn',
  'db_cluster_identifier',
  'global_cluster_identifier',
  'id',
  'identifier',
  'replication_source_identifier',
  'source_db_cluster_identifier',
];

export const sourceUntouched: Rule = {
  name: 'source-untouched',
  title: 'nothing is, belongs to or replicates a source cluster',
  check: ({ terraform, approved }) => {
    const source = new Set<unknown>(
      approved.restore.clusters.flatMap(({ source: { clusterIdentifier, arn, resourceId } }) => [
        clusterIdentifier,
        arn,
        resourceId,
      ]),
    );
    return answer(
      managedChanges(terraform).flatMap(({ address, change: { before, after, importing } }) => [
        ...OF_A_CLUSTER.flatMap((attribute) => {
          const found = [before?.[attribute], after?.[attribute]].find((value) => source.has(value));
          if (found === undefined) return [];
          return [{ address, problem: `${attribute} is ${show(found)}, which is a source cluster` }];
        }),
        ...(source.has(importing?.id) ? [{ address, problem: 'adopts a source cluster' }] : []),
      ]),
    );
  },
};
