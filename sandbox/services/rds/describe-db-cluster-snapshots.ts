import { z } from 'zod';
import { flag } from '../../protocols/query-input';
import { operation } from '../../protocols/operation';
import { existingIdentifier, snapshotIdentifier } from './identifiers';
import type { RdsState } from './rds-state';
import { renderSnapshot } from './render-snapshot';
import { select, selectionInput } from './selection';

export const describeDBClusterSnapshots = operation({
  name: 'DescribeDBClusterSnapshots',
  input: z.strictObject({
    DBClusterIdentifier: existingIdentifier.optional(),
    DBClusterSnapshotIdentifier: snapshotIdentifier.optional(),
    DbClusterResourceId: z.string().optional(),
    SnapshotType: z.enum(['automated', 'manual', 'shared', 'public', 'awsbackup']).optional(),
    // snapshots that other accounts share: there are none
    IncludeShared: flag.optional(),
    IncludePublic: flag.optional(),
    ...selectionInput,
  }),
  run: (request, state: RdsState) => {
    const {
      DBClusterIdentifier: cluster,
      DBClusterSnapshotIdentifier: identifier,
      DbClusterResourceId: resourceId,
      SnapshotType: type,
    } = request;
    const all = identifier === undefined ? [...state.snapshots.values()] : [state.snapshot(identifier)];
    const found = all.filter(
      (snapshot) =>
        (cluster === undefined || snapshot.cluster.identifier === cluster) &&
        (resourceId === undefined || snapshot.cluster.resourceId === resourceId) &&
        (type === undefined || snapshot.type === type),
    );
    const { page, Marker } = select(found, request, (snapshot) => snapshot.identifier, {
      'db-cluster-id': (snapshot) => [snapshot.cluster.identifier, snapshot.cluster.arn],
      'db-cluster-snapshot-id': (snapshot) => [snapshot.identifier],
      'snapshot-type': (snapshot) => [snapshot.type],
      engine: (snapshot) => [snapshot.cluster.engine],
    });
    const { region } = state.settings;
    return { Marker, DBClusterSnapshots: page.map((snapshot) => renderSnapshot(snapshot, region)) };
  },
});
