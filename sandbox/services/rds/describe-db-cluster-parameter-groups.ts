import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { RdsState } from './rds-state';
import { select, selectionInput } from './selection';

export const describeDBClusterParameterGroups = operation({
  name: 'DescribeDBClusterParameterGroups',
  input: z.strictObject({ DBClusterParameterGroupName: z.string().optional(), ...selectionInput }),
  run: ({ DBClusterParameterGroupName: name, ...selection }, state: RdsState) => {
    const groups = state.clusterParameterGroups;
    const { page, Marker } = select(
      name === undefined ? groups.all() : [groups.get(name)],
      selection,
      (group) => group.name,
    );
    return {
      Marker,
      DBClusterParameterGroups: page.map((group) => ({
        DBClusterParameterGroupName: group.name,
        DBParameterGroupFamily: group.family,
        Description: group.description,
        DBClusterParameterGroupArn: state.arn('cluster-pg', group.name),
      })),
    };
  },
});
