import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { RdsState } from './rds-state';
import { tagsOfResource } from './tagged-resource';
import { renderTags } from './tags';

export const listTagsForResource = operation({
  name: 'ListTagsForResource',
  input: z.strictObject({ ResourceName: z.string() }),
  run: ({ ResourceName }, state: RdsState) => ({ TagList: renderTags(tagsOfResource(ResourceName, state)) }),
});
