import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { SsmState } from './ssm-state';
import { tagListSchema, tagMap } from './tags';

export const addTagsToResource = operation({
  name: 'AddTagsToResource',
  input: z.strictObject({ ResourceType: z.string(), ResourceId: z.string(), Tags: tagListSchema }),
  run: ({ ResourceType, ResourceId, Tags }, state: SsmState) => {
    const parameter = state.taggable(ResourceType, ResourceId);
    state.setTags(parameter, new Map([...parameter.tags, ...tagMap(Tags)]));
    return {};
  },
});
