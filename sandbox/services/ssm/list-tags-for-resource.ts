import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { SsmState } from './ssm-state';

export const listTagsForResource = operation({
  name: 'ListTagsForResource',
  input: z.strictObject({ ResourceType: z.string(), ResourceId: z.string() }),
  run: ({ ResourceType, ResourceId }, state: SsmState) => ({
    TagList: [...state.taggable(ResourceType, ResourceId).tags].map(([Key, Value]) => ({ Key, Value })),
  }),
});
