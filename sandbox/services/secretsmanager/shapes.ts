import { z } from 'zod';
import { AwsError } from '../../protocols/operation';
import { invalidParameter } from './secrets-state';
import type { SecretContent } from './secret';

export const secretId = z.string().min(1).max(2048);

const NAME_RULE =
  'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!';
export const secretName = z
  .string()
  .min(1)
  .max(512)
  .refine((name) => /^[A-Za-z0-9/_+=.@!-]+$/.test(name), NAME_RULE);

export const versionId = z
  .string()
  .min(32, 'ClientRequestToken and VersionId have 32 to 64 characters')
  .max(64);

export const stage = z.string().min(1).max(256);

export const contentShape = {
  SecretString: z.string().max(65536).optional(),
  SecretBinary: z.base64().max(87384).optional(),
};

/** @throws AwsError where there are both */
export function contentOf(input: {
  SecretString?: string | undefined;
  SecretBinary?: string | undefined;
}): SecretContent | undefined {
  const { SecretString, SecretBinary } = input;
  if (SecretString !== undefined && SecretBinary !== undefined) {
    throw invalidParameter(
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  }
  if (SecretString !== undefined) return { SecretString };
  return SecretBinary === undefined ? undefined : { SecretBinary };
}

export const tagListSchema = z
  .array(z.strictObject({ Key: z.string().min(1).max(128), Value: z.string().max(256) }))
  .max(50)
  .refine((tags) => !tags.some(({ Key }) => /^aws:/i.test(Key)), 'Tag keys can not begin with aws:');

export function tagMap(tags: z.infer<typeof tagListSchema>): Map<string, string> {
  return new Map(tags.map(({ Key, Value }) => [Key, Value]));
}

export function tagList(tags: ReadonlyMap<string, string>): { Key: string; Value: string }[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}

/** A page of a list, and the token that leads to the next one. */
export function pageOf<Item>(
  items: readonly Item[],
  maxResults: number,
  token: string | undefined,
): { page: readonly Item[]; NextToken?: string } {
  const from = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString('utf8'));
  if (!Number.isInteger(from) || from < 0 || from > items.length) {
    throw new AwsError('InvalidNextTokenException', 'The NextToken value is invalid.');
  }
  const to = from + maxResults;
  const page = items.slice(from, to);
  return to < items.length ? { page, NextToken: Buffer.from(String(to)).toString('base64url') } : { page };
}
