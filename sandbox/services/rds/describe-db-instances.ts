import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { existingIdentifier } from './identifiers';
import type { RdsState } from './rds-state';
import { select, selectionInput } from './selection';

export const describeDBInstances = operation({
  name: 'DescribeDBInstances',
  input: z.strictObject({ DBInstanceIdentifier: existingIdentifier.optional(), ...selectionInput }),
  run: ({ DBInstanceIdentifier: identifier, ...selection }, state: RdsState) => {
    const instances = identifier === undefined ? state.instances.values() : [state.instance(identifier)];
    const { page, Marker } = select(instances, selection, (instance) => instance.identifier, {
      'db-instance-id': ({ identifier, arn }) => [identifier, arn],
      'db-cluster-id': ({ cluster }) => [cluster.identifier, cluster.arn],
      'dbi-resource-id': ({ resourceId }) => [resourceId],
      engine: ({ cluster }) => [cluster.engine],
      domain: () => [],
    });
    return { Marker, DBInstances: page.map((instance) => state.renderInstance(instance)) };
  },
});
