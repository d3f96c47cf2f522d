import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { list } from '../../protocols/query-input';
import type { RdsState } from './rds-state';
import { tagsOfResource } from './tagged-resource';

export const removeTagsFromResource = operation({
  name: 'RemoveTagsFromResource',
  input: z.strictObject({ ResourceName: z.string(), TagKeys: list(z.string()) }),
  run: ({ ResourceName, TagKeys }, state: RdsState) => {
    const tags = tagsOfResource(ResourceName, state);
    for (const key of TagKeys) tags.delete(key);
    return {};
  },
});
