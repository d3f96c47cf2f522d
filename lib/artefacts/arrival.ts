import { z } from 'zod';
import { count, drillId, instant, sha256 } from './fields';

/** Whether the application is where the last repoint or swap leads it, and what the move cost. */
export const arrivalSchema = z.strictObject({
  schemaVersion: z.literal(2),
  drill: drillId,
  madeAt: instant,
  /** Of what brought it over, alone. */
  madeFrom: z.strictObject({ 'repoint-plan.json': sha256.optional(), 'swap.json': sha256.optional() }),
  by: z.enum(['repoint', 'swap']),
  direction: z.enum(['forward', 'back']),
  verdict: z.enum(['arrived', 'not-arrived']),
  /** When that was carried out to its end. */
  since: instant,
  /** When it was first seen as arrived. */
  arrivedAt: instant.nullable(),
  /** The longest that resolvers may remember where it was before. */
  ttlSeconds: count,
  /** Sessions of the application at the end, in words. */
  sessions: z.strictObject({ left: z.string(), reached: z.string() }),
  /** By the clocks in the data; null where they tell nothing. */
  writes: z.strictObject({
    lastOnLeftAt: instant.nullable(),
    firstOnReachedAt: instant.nullable(),
    /** From the last write on the one to the first on the other; negative where they overlap. */
    gapMs: z.number().nullable(),
    /** Rows written on the clusters that were left, since the restore point: they are not on the others. */
    stranded: count.nullable(),
    /** The columns that tell, and why others do not. */
    evidence: z.array(z.string()),
  }),
});
export type Arrival = z.infer<typeof arrivalSchema>;
