import { z } from 'zod';
import { drillId, instant, sha256 } from './fields';

/** What carrying out a repoint plan has done beyond Terraform: kept before and after each write, so that it can be finished. */
export const repointJournalSchema = z.strictObject({
  schemaVersion: z.literal(1),
  drill: drillId,
  madeAt: instant,
  runs: z
    .array(
      z.strictObject({
        /** Of the repoint-plan.json that was carried out. */
        plan: sha256,
        direction: z.enum(['forward', 'back']),
        /** When that plan was made: nothing can have moved before. */
        plannedAt: instant,
        startedAt: instant,
        /** Null until every step is done. */
        endedAt: instant.nullable(),
        steps: z.array(
          z.strictObject({
            /** What is written, as a person reads it. */
            name: z.string(),
            beganAt: instant,
            endedAt: instant.nullable(),
            /** That the write made, or was there already. */
            version: z.string().nullable(),
          }),
        ),
      }),
    )
    .min(1),
});
export type RepointJournal = z.infer<typeof repointJournalSchema>;
