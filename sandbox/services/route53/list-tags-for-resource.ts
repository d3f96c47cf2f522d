import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { plainId, type Route53State } from './route53-state';

export const listTagsForResource = operation({
  name: 'ListTagsForResource',
  http: { method: 'GET', path: '/2013-04-01/tags/{ResourceType}/{ResourceId}' },
  input: z.strictObject({ ResourceType: z.literal('hostedzone'), ResourceId: z.string() }),
  run: ({ ResourceId }, state: Route53State) => ({ ResourceTagSet: tagsOf(ResourceId, state) }),
});

/** @throws AwsError where there is no such zone */
export function tagsOf(zoneId: string, state: Route53State): object {
  return {
    ResourceType: 'hostedzone',
    ResourceId: plainId(zoneId),
    Tags: [...state.find(zoneId).tags].map(([Key, Value]) => ({ Key, Value })),
  };
}
