import { z } from 'zod';
import { flag } from '../../protocols/query-input';
import { operation } from '../../protocols/operation';
import { existingIdentifier } from './identifiers';
import type { RdsState } from './rds-state';
import { select, selectionInput } from './selection';

export const describeDBClusters = operation({
  name: 'DescribeDBClusters',
  input: z.strictObject({
    DBClusterIdentifier: existingIdentifier.optional(),
    // clusters that other accounts share: there are none
    IncludeShared: flag.optional(),
    ...selectionInput,
  }),
  run: ({ DBClusterIdentifier: identifier, ...selection }, state: RdsState) => {
    const clusters = identifier === undefined ? state.clusters.values() : [state.cluster(identifier)];
    const { page, Marker } = select(clusters, selection, (cluster) => cluster.identifier, {
      'db-cluster-id': ({ identifier, arn }) => [identifier, arn],
      'db-cluster-resource-id': ({ resourceId }) => [resourceId],
      engine: ({ engine }) => [engine],
      domain: () => [],
      'clone-group-id': () => [],
    });
    return { Marker, DBClusters: page.map((cluster) => state.renderCluster(cluster)) };
  },
});
