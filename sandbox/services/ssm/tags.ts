import { z } from 'zod';

const text = z.string().regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u);

export const tagListSchema = z
  .array(z.strictObject({ Key: text.min(1).max(128), Value: text.max(256) }))
  .refine((tags) => !tags.some(({ Key }) => /^aws:/i.test(Key)), 'Tag keys can not begin with aws:');

export function tagMap(tags: z.infer<typeof tagListSchema>): Map<string, string> {
  return new Map(tags.map(({ Key, Value }) => [Key, Value]));
}
