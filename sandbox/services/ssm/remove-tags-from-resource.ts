import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { SsmState } from './ssm-state';

export const removeTagsFromResource = operation({
  name: 'RemoveTagsFromResource',
  input: z.strictObject({
    ResourceType: z.string(),
    ResourceId: z.string(),
    TagKeys: z.array(z.string()),
  }),
  run: ({ ResourceType, ResourceId, TagKeys }, state: SsmState) => {
    const parameter = state.taggable(ResourceType, ResourceId);
    state.setTags(parameter, new Map([...parameter.tags].filter(([key]) => !TagKeys.includes(key))));
    return {};
  },
});
