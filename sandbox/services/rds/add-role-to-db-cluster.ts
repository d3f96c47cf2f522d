import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import { existingIdentifier } from './identifiers';
import type { RdsState } from './rds-state';

/** The role is kept and shown; nothing here assumes it. */
export const addRoleToDBCluster = operation({
  name: 'AddRoleToDBCluster',
  input: z.strictObject({
    DBClusterIdentifier: existingIdentifier,
    RoleArn: z.string().regex(/^arn:aws:iam::\d{12}:role\/.+$/, 'expected the ARN of an IAM role'),
    FeatureName: z.string().default(''),
  }),
  run: ({ DBClusterIdentifier, RoleArn, FeatureName }, state: RdsState) => {
    const { roles } = state.cluster(DBClusterIdentifier);
    const key = `${RoleArn} ${FeatureName}`;
    if (roles.has(key)) {
      throw new AwsError(
        'DBClusterRoleAlreadyExists',
        `Role ARN ${RoleArn} already exists for DB Cluster: ${DBClusterIdentifier}.`,
      );
    }
    roles.set(key, { arn: RoleArn, feature: FeatureName });
    return {};
  },
});
