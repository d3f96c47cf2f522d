import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { RdsState } from './rds-state';
import { select, selectionInput } from './selection';

export const describeDBParameterGroups = operation({
  name: 'DescribeDBParameterGroups',
  input: z.strictObject({ DBParameterGroupName: z.string().optional(), ...selectionInput }),
  run: ({ DBParameterGroupName: name, ...selection }, state: RdsState) => {
    const groups = state.parameterGroups;
    const { page, Marker } = select(
      name === undefined ? groups.all() : [groups.get(name)],
      selection,
      (group) => group.name,
    );
    return {
      Marker,
      DBParameterGroups: page.map((group) => ({
        DBParameterGroupName: group.name,
        DBParameterGroupFamily: group.family,
        Description: group.description,
        DBParameterGroupArn: state.arn('pg', group.name),
      })),
    };
  },
});
