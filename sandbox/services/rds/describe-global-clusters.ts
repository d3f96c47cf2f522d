import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import type { RdsState } from './rds-state';
import { select, selectionInput } from './selection';

/** There are none; the provider asks whether a cluster belongs to one. */
export const describeGlobalClusters = operation({
  name: 'DescribeGlobalClusters',
  input: z.strictObject({ GlobalClusterIdentifier: z.string().optional(), ...selectionInput }),
  run: ({ GlobalClusterIdentifier: identifier, ...selection }, _state: RdsState) => {
    if (identifier !== undefined) {
      throw new AwsError('GlobalClusterNotFoundFault', `Global cluster ${identifier} not found.`, 404);
    }
    const { page } = select([], selection, String, { 'db-cluster-id': () => [] });
    return { GlobalClusters: page };
  },
});
