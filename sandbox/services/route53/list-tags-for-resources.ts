import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { xmlList } from '../../protocols/rest-xml';
import { tagsOf } from './list-tags-for-resource';
import type { Route53State } from './route53-state';

export const listTagsForResources = operation({
  name: 'ListTagsForResources',
  http: { method: 'POST', path: '/2013-04-01/tags/{ResourceType}' },
  input: z.strictObject({
    ResourceType: z.literal('hostedzone'),
    ResourceIds: xmlList('ResourceId', z.string().min(1)),
  }),
  run: ({ ResourceIds }, state: Route53State) => ({
    ResourceTagSets: ResourceIds.map((id) => tagsOf(id, state)),
  }),
});
