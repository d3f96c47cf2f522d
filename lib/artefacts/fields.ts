import { z } from 'zod';

/** What the fields of several artefacts are made of. */
export const instant = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([.]\d{1,6})?Z$/, 'an ISO 8601 UTC time');
export const wholeSecond = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'a whole second, YYYY-MM-DDTHH:MM:SSZ');
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal');
export const count = z.int().min(0);
export const drillId = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, 'a drill id');
export const tags = z.record(z.string(), z.string());
export const account = z.string().regex(/^\d{12}$/, 'the twelve digits of an AWS account');

/** Why a person went on although the verification did not pass. */
export const overriddenVerification = z.strictObject({ reason: z.string(), instead: z.string() });
