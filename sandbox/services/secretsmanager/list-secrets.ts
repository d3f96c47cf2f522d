import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { describe } from './describe-secret';
import { stagesByVersion, type Secret } from './secret';
import type { SecretsState } from './secrets-state';
import { pageOf } from './shapes';

const filterSchema = z.strictObject({
  Key: z.enum(['name', 'description', 'tag-key', 'tag-value', 'all']),
  Values: z.array(z.string()).min(1).max(10),
});
type Filter = z.infer<typeof filterSchema>;

export const listSecrets = operation({
  name: 'ListSecrets',
  input: z.strictObject({
    Filters: z.array(filterSchema).max(10).default([]),
    IncludePlannedDeletion: z.boolean().default(false),
    MaxResults: z.int().min(1).max(100).default(100),
    NextToken: z.string().optional(),
    SortOrder: z.enum(['asc', 'desc']).default('desc'),
  }),
  run: ({ Filters, IncludePlannedDeletion, MaxResults, NextToken, SortOrder }, state: SecretsState) => {
    const matching = [...state.secrets.values()]
      .filter(({ deletedAt }) => IncludePlannedDeletion || deletedAt === undefined)
      .filter((secret) => Filters.every((filter) => matches(secret, filter)))
      .sort((a, b) => (a.createdAt.getTime() - b.createdAt.getTime()) * (SortOrder === 'asc' ? 1 : -1));
    const { page, ...next } = pageOf(matching, MaxResults, NextToken);
    return {
      SecretList: page.map((secret) => ({
        ...describe(secret),
        SecretVersionsToStages: stagesByVersion(secret),
      })),
      ...next,
    };
  },
});

/** Values of one filter are alternatives, `!` negates one. Source: Secrets Manager API reference, Filter. */
function matches(secret: Secret, { Key, Values }: Filter): boolean {
  const fields = {
    name: [secret.name],
    description: [secret.description ?? ''],
    'tag-key': [...secret.tags.keys()],
    'tag-value': [...secret.tags.values()],
  };
  const texts = Key === 'all' ? Object.values(fields).flat() : fields[Key];
  const ignoreCase = Key === 'description' || Key === 'all';
  const begins = (value: string): boolean =>
    texts.some((text) =>
      ignoreCase
        ? text
            .toLowerCase()
            .split(/\s+/)
            .some((word) => word.startsWith(value.toLowerCase()))
        : text.startsWith(value),
    );
  return Values.some((value) => (value.startsWith('!') ? !begins(value.slice(1)) : begins(value)));
}
