import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { invalidValue } from './faults';
import type { RdsState } from './rds-state';
import { tagsOfResource } from './tagged-resource';
import { tagListSchema } from './tags';

export const addTagsToResource = operation({
  name: 'AddTagsToResource',
  input: z.strictObject({ ResourceName: z.string(), Tags: tagListSchema }),
  run: ({ ResourceName, Tags }, state: RdsState) => {
    const tags = tagsOfResource(ResourceName, state);
    const count = new Set([...tags.keys(), ...Tags.keys()]).size;
    if (count > 50) throw invalidValue(`A resource can have at most 50 tags, not ${count}`);
    for (const [key, value] of Tags) tags.set(key, value);
    return {};
  },
});
