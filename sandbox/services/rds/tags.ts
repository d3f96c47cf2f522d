import { z } from 'zod';
import { list } from '../../protocols/query-input';

export type Tags = Map<string, string>;

const text = z.string().regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u);

/** Tags as they come with a call. */
export const tagListSchema = list(
  z.strictObject({
    Key: text
      .min(1)
      .max(128)
      .refine((key) => !/^(aws|rds):/i.test(key), "Tag keys can't begin with aws: or rds:"),
    Value: text.max(256).default(''),
  }),
)
  .refine((tags) => tags.length <= 50, 'A resource can have at most 50 tags')
  .transform((tags): Tags => new Map(tags.map(({ Key, Value }) => [Key, Value])));

export function renderTags(tags: Tags): { Key: string; Value: string }[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}
