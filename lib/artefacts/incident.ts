import { z } from 'zod';
import { count, instant, wholeSecond } from './fields';

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
  schemaVersion: z.literal(1),
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
