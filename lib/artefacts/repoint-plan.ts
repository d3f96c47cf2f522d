import { z } from 'zod';
import { account, count, drillId, instant, overriddenVerification, sha256 } from './fields';

/** The host before the drill first repointed it, which is the way back, and the restored one: never the text around them. */
const hosts = { oldValue: z.string(), newValue: z.string() };
/** Of the document that holds the host, as it was when planned: whoever writes it since makes the plan stale. */
const version = z.string();

const repointTarget = z.discriminatedUnion('kind', [
  // nothing but the host: Terraform's
  z.strictObject({ kind: z.literal('ssm-parameter'), name: z.string(), type: z.literal('String'), ...hosts }),
  z.strictObject({
    kind: z.literal('dns-record'),
    name: z.string(),
    zoneId: z.string(),
    ttlSeconds: count,
    ...hosts,
  }),
  // within a text that may hold secrets, which Terraform would keep in its state: the journal's
  z.strictObject({
    kind: z.literal('ssm-parameter-text'),
    name: z.string(),
    type: z.enum(['String', 'SecureString']),
    version,
    ...hosts,
  }),
  z.strictObject({
    kind: z.literal('secret'),
    name: z.string(),
    /** Where in its JSON the host stands; null where the secret is the text itself. */
    key: z.string().nullable(),
    version,
    ...hosts,
  }),
  z.strictObject({
    kind: z.literal('appconfig'),
    /** `application/environment/profile`, as the person named them. */
    name: z.string(),
    key: z.string().nullable(),
    applicationId: z.string(),
    environmentId: z.string(),
    profileId: z.string(),
    deploymentStrategy: z.string(),
    version,
    ...hosts,
  }),
]);

export const repointPlanSchema = z.strictObject({
  schemaVersion: z.literal(2),
  drill: drillId,
  madeAt: instant,
  madeFrom: z.strictObject({ 'restore-plan.json': sha256, 'verification.json': sha256.optional() }),
  account,
  region: z.string(),
  /** `forward` sets every target to its new value, `back` to its old one. */
  direction: z.enum(['forward', 'back']),
  /** Why the application is brought over although the verification did not pass; absent where it passed. */
  overriddenVerification: overriddenVerification.optional(),
  targets: z.array(repointTarget).min(1),
});
export type RepointPlan = z.infer<typeof repointPlanSchema>;
