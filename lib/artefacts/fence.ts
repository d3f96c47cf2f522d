import { z } from 'zod';
import { drillId, instant, sha256 } from './fields';

/** How the old clusters are kept from being written to, and what that is undone by. Kept before anything is changed. */
export const fenceSchema = z.strictObject({
  schemaVersion: z.literal(1),
  drill: drillId,
  madeAt: instant,
  madeFrom: z.strictObject({ 'restore-plan.json': sha256 }),
  state: z.enum(['setting', 'set', 'lifting', 'lifted']),
  setAt: instant.nullable(),
  liftedAt: instant.nullable(),
  clusters: z
    .array(
      z.discriminatedUnion('by', [
        z.strictObject({
          by: z.literal('security-group'),
          clusterIdentifier: z.string(),
          /** Those from before. */
          securityGroupIds: z.array(z.string()),
          isolatedGroupId: z.string(),
        }),
        z.strictObject({
          by: z.literal('revoke'),
          clusterIdentifier: z.string(),
          /** Those that could log in before. */
          accounts: z.array(z.strictObject({ user: z.string(), host: z.string() })),
        }),
      ]),
    )
    .min(1),
});
export type Fence = z.infer<typeof fenceSchema>;
