import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import { existingIdentifier } from './identifiers';
import type { RdsState } from './rds-state';
import { renderBacktrack } from './render-backtrack';
import { select, selectionInput } from './selection';

export const describeDBClusterBacktracks = operation({
  name: 'DescribeDBClusterBacktracks',
  input: z.strictObject({
    DBClusterIdentifier: existingIdentifier,
    BacktrackIdentifier: z.string().optional(),
    ...selectionInput,
  }),
  run: (request, state: RdsState) => {
    const cluster = state.cluster(request.DBClusterIdentifier);
    const { BacktrackIdentifier: wanted } = request;
    const found = cluster.backtracks.filter(
      ({ identifier }) => wanted === undefined || identifier === wanted,
    );
    if (wanted !== undefined && found.length === 0) {
      throw new AwsError('DBClusterBacktrackNotFoundFault', `Backtrack ${wanted} not found.`, 404);
    }
    const { page, Marker } = select(found, request, ({ identifier }) => identifier, {
      'db-cluster-backtrack-id': ({ identifier }) => [identifier],
      'db-cluster-backtrack-status': ({ status }) => [status],
    });
    return { Marker, DBClusterBacktracks: page.map((one) => renderBacktrack(cluster, one)) };
  },
});
