import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import { existingIdentifier } from './identifiers';
import type { RdsState } from './rds-state';

export const removeRoleFromDBCluster = operation({
  name: 'RemoveRoleFromDBCluster',
  input: z.strictObject({
    DBClusterIdentifier: existingIdentifier,
    RoleArn: z.string(),
    FeatureName: z.string().default(''),
  }),
  run: ({ DBClusterIdentifier, RoleArn, FeatureName }, state: RdsState) => {
    if (!state.cluster(DBClusterIdentifier).roles.delete(`${RoleArn} ${FeatureName}`)) {
      throw new AwsError(
        'DBClusterRoleNotFound',
        `Role ARN ${RoleArn} cannot be found for DB Cluster: ${DBClusterIdentifier}.`,
        404,
      );
    }
    return {};
  },
});
