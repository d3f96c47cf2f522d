import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { RdsState } from './rds-state';
import { renderSubnetGroup } from './render-subnet-group';
import { select, selectionInput } from './selection';

export const describeDBSubnetGroups = operation({
  name: 'DescribeDBSubnetGroups',
  input: z.strictObject({ DBSubnetGroupName: z.string().optional(), ...selectionInput }),
  run: ({ DBSubnetGroupName: name, ...selection }, state: RdsState) => {
    const groups = state.subnetGroups;
    const { page, Marker } = select(
      name === undefined ? groups.all() : [groups.get(name)],
      selection,
      (group) => group.name,
    );
    return { Marker, DBSubnetGroups: page.map((group) => renderSubnetGroup(group, state.settings)) };
  },
});
