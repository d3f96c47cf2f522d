import { z } from 'zod';
import { drillId, instant, sha256 } from './fields';

export const checkResultSchema = z.strictObject({
  name: z.string(),
  /** What the check shows, as a sentence. */
  title: z.string(),
  verdict: z.enum(['pass', 'fail', 'not-applicable']),
  /** What was measured, in words; counts and times, never rows. */
  evidence: z.array(z.string()),
  tookMs: z.number().min(0),
});
export type CheckResult = z.infer<typeof checkResultSchema>;

/** What the checks found on one restored cluster. */
const verifiedCluster = z.strictObject({
  /** Identifier of the cluster that it was restored from. */
  source: z.string(),
  restored: z.strictObject({
    clusterIdentifier: z.string(),
    endpoint: z.string(),
    readerEndpoint: z.string().nullable(),
    port: z.int().min(1).max(65535),
  }),
  verdict: z.enum(['pass', 'fail']),
  checks: z.array(checkResultSchema).min(1),
  /** What a pass does not prove, in words. */
  notProven: z.array(z.string()),
});
export type VerifiedCluster = z.infer<typeof verifiedCluster>;

export const verificationSchema = z.strictObject({
  schemaVersion: z.literal(2),
  drill: drillId,
  madeAt: instant,
  madeFrom: z.strictObject({ 'incident.json': sha256, 'restore-plan.json': sha256 }),
  startedAt: instant,
  tookMs: z.number().min(0),
  /** `pass` only if every cluster passed. */
  verdict: z.enum(['pass', 'fail']),
  /** The file of the team's own checks, whose results follow the built-in ones; absent where there was none. */
  ownChecks: z.strictObject({ file: z.string(), sha256 }).optional(),
  /** In the order of the restore plan: the first is the incident's. */
  clusters: z.tuple([verifiedCluster], verifiedCluster),
});
export type Verification = z.infer<typeof verificationSchema>;
