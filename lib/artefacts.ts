import { createHash } from 'node:crypto';
import { z } from 'zod';
import { accept, refuse, type Outcome, type Refusal } from './errors';

/**
 * The JSON contract between the steps. Every artefact
 * - is written once, as the exact text that `renderArtefact` makes, and ends in a `digest` of that
 *   text: a file with one changed byte is refused by every later step;
 * - names in `madeFrom` the SHA-256 of each artefact file that it was made from;
 * - holds no secret and, unless asked for, no literal value out of SQL.
 *
 * Times are ISO 8601 UTC with `Z`; `…At` is an instant, `…Ms` and `…Seconds` are durations.
 */
export const SCHEMA_VERSION = 1;

const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([.]\d{1,6})?Z$/, 'an ISO 8601 UTC time');
const wholeSecond = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'a whole second, YYYY-MM-DDTHH:MM:SSZ');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal');
const count = z.int().min(0);
const drillId = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, 'a drill id');

export const dialectSchema = z.enum(['aurora-mysql', 'server-audit', 'pgaudit']);
export type Dialect = z.infer<typeof dialectSchema>;

export const statementKindSchema = z.enum([
  'delete-without-where',
  'update-without-where',
  'truncate',
  'drop',
  'other',
]);
export type StatementKind = z.infer<typeof statementKindSchema>;

/** One statement as the log shows it; `sql` has its literals replaced by `?` unless the person asked to see them. */
export const statementSchema = z.strictObject({
  /** The time inside the audit record. */
  executedAt: instant,
  /** When the record reached the log (CloudWatch's `@timestamp`); null when read from a file. */
  recordedAt: instant.nullable(),
  connectionId: z.string(),
  queryId: z.string().nullable(),
  serverHost: z.string(),
  user: z.string(),
  host: z.string(),
  database: z.string(),
  sql: z.string(),
  kind: statementKindSchema,
  /** Tables that the statement changes, as `database.table` where the database is known. */
  tables: z.array(z.string()),
});
export type Statement = z.infer<typeof statementSchema>;

const lostWritesPart = z.strictObject({
  transactions: count,
  statements: count,
  firstAt: instant.nullable(),
  lastAt: instant.nullable(),
  groups: z.array(
    z.strictObject({
      table: z.string(),
      user: z.string(),
      kind: z.string(),
      statements: count,
      firstAt: instant,
      lastAt: instant,
    }),
  ),
});

export const incidentSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  madeAt: instant,
  /** Identifier of the DB cluster that was damaged. */
  cluster: z.string(),
  dialect: dialectSchema,
  statement: statementSchema,
  transaction: z.strictObject({
    kind: z.enum(['autocommit', 'explicit', 'unknown']),
    beganAt: instant.nullable(),
    committedAt: instant.nullable(),
  }),
  effect: z.strictObject({ earliestAt: instant, latestAt: instant, basis: z.string() }),
  restoreTo: wholeSecond,
  /** What a person would have done who trusted the log's own record time; null where the log has none. */
  recordTime: z
    .strictObject({
      /** Record time less the time inside the record, of the record that made the damage visible. */
      lagMs: z.number(),
      restoreTo: wholeSecond,
      includesDamage: z.boolean(),
    })
    .nullable(),
  lostWrites: z.strictObject({
    /** Committed by others after the restore point and before the effect. */
    beforeEffect: lostWritesPart,
    /** Committed from the effect to the end of the logs. */
    afterEffect: lostWritesPart,
  }),
  candidates: z.array(statementSchema),
  coverage: z.strictObject({
    source: z.string(),
    since: instant.nullable(),
    until: instant.nullable(),
    /** Up to when the logs are taken to be complete. */
    completeUntil: instant.nullable(),
    records: count,
    unparsed: count,
    serverHosts: z.array(z.string()),
    warnings: z.array(z.string()),
  }),
});
export type Incident = z.infer<typeof incidentSchema>;

const tags = z.record(z.string(), z.string());

const restoredInstance = z.strictObject({
  identifier: z.string(),
  instanceClass: z.string(),
  parameterGroup: z.string(),
  promotionTier: z.int().min(0).max(15),
  caCertificate: z.string().nullable(),
  autoMinorVersionUpgrade: z.boolean(),
  copyTagsToSnapshot: z.boolean(),
  publiclyAccessible: z.boolean(),
  /** Enhanced Monitoring; null where it is off. */
  monitoring: z.strictObject({ intervalSeconds: z.int().min(1), roleArn: z.string() }).nullable(),
  /** Null where it is off. */
  performanceInsights: z
    .strictObject({ kmsKeyId: z.string().nullable(), retentionDays: z.int().min(1) })
    .nullable(),
  tags,
  /** Identifier of the source's instance whose settings this one carries over. */
  modelledOn: z.string(),
});

export const restorePlanSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  drill: drillId,
  madeAt: instant,
  /** From then on the plan cannot be applied for the first time: the reviewed facts are too old. */
  expiresAt: instant,
  madeFrom: z.strictObject({ 'incident.json': sha256 }),
  account: z.string().regex(/^\d{12}$/),
  region: z.string(),
  method: z.strictObject({ kind: z.literal('point-in-time'), reason: z.string() }),
  restoreTo: wholeSecond,
  window: z.strictObject({ earliestAt: instant, latestAt: instant, checkedAt: instant }),
  source: z.strictObject({
    clusterIdentifier: z.string(),
    resourceId: z.string(),
    arn: z.string(),
    engine: z.enum(['aurora-mysql', 'aurora-postgresql']),
    engineVersion: z.string(),
    endpoint: z.string(),
    readerEndpoint: z.string().nullable(),
    port: z.int().min(1).max(65535),
  }),
  restored: z.strictObject({
    clusterIdentifier: z.string(),
    parameterGroup: z.string(),
    subnetGroup: z.string(),
    securityGroupIds: z.array(z.string()),
    kmsKeyId: z.string().nullable(),
    port: z.int().min(1).max(65535),
    iamAuthentication: z.boolean(),
    logExports: z.array(z.string()),
    /** Feature names are PostgreSQL's; Aurora MySQL's roles have none. */
    roles: z.array(z.strictObject({ arn: z.string(), feature: z.string().nullable() })),
    networkType: z.string().nullable(),
    /** Null for Aurora's standard storage. */
    storageType: z.string().nullable(),
    backtrackWindowSeconds: count,
    /** In Aurora capacity units; null where the source has none. */
    serverlessV2: z
      .strictObject({
        minCapacity: z.number().min(0),
        maxCapacity: z.number().min(0),
        secondsUntilAutoPause: count.nullable(),
      })
      .nullable(),
    copyTagsToSnapshot: z.boolean(),
    deletionProtection: z.boolean(),
    /** Taken when the cluster is destroyed; a drill leaves none. */
    finalSnapshotIdentifier: z.string().optional(),
    /** Carried over from the source. */
    tags,
    /** The drill's own, on everything that it makes. */
    drillTags: tags,
    instances: z.array(restoredInstance).min(1),
  }),
  /** Deliberate differences between source and restored cluster, in words. */
  differences: z.array(z.string()),
});
export type RestorePlan = z.infer<typeof restorePlanSchema>;

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

export const verificationSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  drill: drillId,
  madeAt: instant,
  madeFrom: z.strictObject({ 'incident.json': sha256, 'restore-plan.json': sha256 }),
  startedAt: instant,
  tookMs: z.number().min(0),
  verdict: z.enum(['pass', 'fail']),
  restored: z.strictObject({
    clusterIdentifier: z.string(),
    endpoint: z.string(),
    readerEndpoint: z.string().nullable(),
    port: z.int().min(1).max(65535),
  }),
  /** The file of the team's own checks, whose results follow the built-in ones; absent where there was none. */
  ownChecks: z.strictObject({ file: z.string(), sha256 }).optional(),
  checks: z.array(checkResultSchema).min(1),
  /** What a pass does not prove, in words. */
  notProven: z.array(z.string()),
});
export type Verification = z.infer<typeof verificationSchema>;

export const repointPlanSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  drill: drillId,
  madeAt: instant,
  madeFrom: z.strictObject({ 'restore-plan.json': sha256, 'verification.json': sha256 }),
  account: z.string().regex(/^\d{12}$/),
  region: z.string(),
  /** `forward` sets every target to its new value, `back` to its old one. */
  direction: z.enum(['forward', 'back']),
  targets: z
    .array(
      z.strictObject({
        kind: z.literal('ssm-parameter'),
        name: z.string(),
        type: z.literal('String'),
        /** What the target held before the drill first repointed it: the way back. */
        oldValue: z.string(),
        newValue: z.string(),
      }),
    )
    .min(1),
});
export type RepointPlan = z.infer<typeof repointPlanSchema>;

/** Written by `drill` as it goes: each step's command, duration and result; the report turns it into RTO. */
export const timelineSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  drill: drillId,
  madeAt: instant,
  startedAt: instant,
  steps: z.array(
    z.strictObject({
      name: z.string(),
      command: z.string(),
      startedAt: instant,
      endedAt: instant.nullable(),
      result: z.enum(['running', 'passed', 'failed', 'interrupted']),
      /** Whether the time counts as recovery (RTO) or is rehearsal only, such as set-up and tear-down. */
      phase: z.enum(['set-up', 'recovery', 'tear-down']),
    }),
  ),
  /** Facts observed at the end, such as what the application writes to now. */
  observations: z.array(z.strictObject({ at: instant, text: z.string() })),
});
export type Timeline = z.infer<typeof timelineSchema>;

/** File name of each artefact in `drills/<id>/`, its schema, and the command that makes it. */
export const ARTEFACTS = {
  incident: { file: 'incident.json', schema: incidentSchema, madeBy: 'npm run resolve' },
  restorePlan: { file: 'restore-plan.json', schema: restorePlanSchema, madeBy: 'npm run plan' },
  verification: { file: 'verification.json', schema: verificationSchema, madeBy: 'npm run verify' },
  repointPlan: { file: 'repoint-plan.json', schema: repointPlanSchema, madeBy: 'npm run plan-repoint' },
  timeline: { file: 'timeline.json', schema: timelineSchema, madeBy: 'npm run drill' },
} as const;

export type ArtefactKind = keyof typeof ARTEFACTS;
export type Artefact<K extends ArtefactKind> = z.infer<(typeof ARTEFACTS)[K]['schema']>;

export type ArtefactRefusal = Refusal<
  | 'missing-artefact'
  | 'not-json'
  | 'changed-artefact'
  | 'unknown-schema-version'
  | 'invalid-artefact'
  | 'stale-artefact'
>;

/** The one text of an artefact: two-space JSON in the order of its fields, the digest last, a newline at the end. */
export function renderArtefact(body: object): string {
  return `${JSON.stringify({ ...body, digest: sha256Of(JSON.stringify(body)) }, null, 2)}\n`;
}

export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Reads an artefact out of its text. Refuses anything that `renderArtefact` did not write, so that
 * what a reviewer approved is what the next step uses.
 */
export function parseArtefact<K extends ArtefactKind>(
  kind: K,
  text: string,
): Outcome<Artefact<K>, ArtefactRefusal> {
  const { file, schema, madeBy } = ARTEFACTS[kind];
  const again = `make it again with '${madeBy}', and have it reviewed again`;
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return refuse({ reason: 'not-json', message: `${file} is not JSON`, hint: again });
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    return refuse({ reason: 'not-json', message: `${file} is not a JSON object`, hint: again });
  }
  const { digest: _digest, ...body } = content as Record<string, unknown>;
  if (body['schemaVersion'] !== SCHEMA_VERSION) {
    return refuse({
      reason: 'unknown-schema-version',
      message: `${file} has schema version ${JSON.stringify(body['schemaVersion'])}, expected ${SCHEMA_VERSION}`,
      hint: again,
    });
  }
  if (renderArtefact(body) !== text) {
    return refuse({
      reason: 'changed-artefact',
      message: `${file} was changed after it was written: its digest does not match its text`,
      hint: again,
    });
  }
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    return refuse({
      reason: 'invalid-artefact',
      message: `${file}: ${z.prettifyError(parsed.error)}`,
      hint: again,
    });
  }
  return accept(parsed.data as Artefact<K>);
}
