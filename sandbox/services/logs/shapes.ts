import { z } from 'zod';

/** Parameters that several operations share, with the constraints of AWS's API reference. */
export const logGroupName = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[.\-_/#A-Za-z0-9]+$/);
export const logGroupIdentifier = z
  .string()
  .min(1)
  .max(2048)
  .regex(/^[\w#+=/:,.@*-]+$/);
export const logStreamName = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[^:*]*$/);
/** In milliseconds since the epoch. */
export const epochMs = z.int().min(0);
export const nextToken = z.string().min(1);
export const most = (count: number): z.ZodInt => z.int().min(1).max(count);
