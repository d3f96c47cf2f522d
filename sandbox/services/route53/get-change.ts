import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import { renderChange } from './render-zone';
import { plainId, type Route53State } from './route53-state';

export const getChange = operation({
  name: 'GetChange',
  http: { method: 'GET', path: '/2013-04-01/change/{Id}' },
  input: z.strictObject({ Id: z.string() }),
  run: ({ Id }, state: Route53State) => {
    const change = state.changes.get(plainId(Id));
    if (change === undefined) {
      throw new AwsError('NoSuchChange', `Could not find resource with ID: ${plainId(Id)}`, 404);
    }
    return { ChangeInfo: renderChange(change) };
  },
});
