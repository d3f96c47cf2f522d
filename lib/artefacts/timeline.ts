import { z } from 'zod';
import { drillId, instant } from './fields';

/** Written by `drill` as it goes: each step's command, duration and result; the report turns it into RTO. */
export const timelineSchema = z.strictObject({
  schemaVersion: z.literal(1),
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
