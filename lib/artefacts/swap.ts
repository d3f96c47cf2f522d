import { z } from 'zod';
import { account, drillId, instant, overriddenVerification, sha256 } from './fields';

/** The exchange of names, step by step: kept before and after each, so that a killed one can be finished or undone. */
export const swapSchema = z.strictObject({
  schemaVersion: z.literal(1),
  drill: drillId,
  madeAt: instant,
  madeFrom: z.strictObject({ 'restore-plan.json': sha256, 'verification.json': sha256.optional() }),
  account,
  region: z.string(),
  /** `forward` gives the restored clusters the names of their sources, `back` takes them back. */
  direction: z.enum(['forward', 'back']),
  /** Null until the first step is taken. */
  startedAt: instant.nullable(),
  /** Null until all steps are taken. */
  endedAt: instant.nullable(),
  /** Null until Terraform's state has the restored clusters by the names that they have then. */
  adoptedAt: instant.nullable(),
  overriddenVerification: overriddenVerification.optional(),
  /** In the order of the way forward. */
  steps: z
    .array(
      z.strictObject({
        kind: z.enum(['cluster', 'instance']),
        /** What RDS calls it whatever its name is. */
        resourceId: z.string(),
        from: z.string(),
        to: z.string(),
        /** The endpoint that belongs to each name; null where it is not known before. */
        fromEndpoint: z.string().nullable(),
        toEndpoint: z.string().nullable(),
        /** When it got the name that the direction gives it. */
        endedAt: instant.nullable(),
      }),
    )
    .min(1),
});
export type Swap = z.infer<typeof swapSchema>;
