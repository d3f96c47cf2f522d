import { z } from 'zod';

/** 1 to 63 letters, digits and hyphens; kept in lower case. Source: Constraints in the API reference of RDS */
export function newIdentifier(parameter: string): z.ZodType<string> {
  return z
    .string()
    .refine(
      (text) => /^[a-z](-?[a-z0-9])*$/i.test(text) && text.length <= 63,
      `The parameter ${parameter} is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.`,
    )
    .transform((text) => text.toLowerCase());
}

/** The identifier of something that is there, or its ARN. */
export const existingIdentifier = z
  .string()
  .min(1)
  .transform((text) =>
    (/^arn:aws:rds:[^:]*:\d{12}:(?:cluster|db):(.+)$/.exec(text)?.[1] ?? text).toLowerCase(),
  );

/** Of a snapshot that is there, or its ARN; the name of an automated one begins with `rds:`. */
export const snapshotIdentifier = z
  .string()
  .min(1)
  .transform((text) =>
    (/^arn:aws:rds:[^:]*:\d{12}:cluster-snapshot:(.+)$/.exec(text)?.[1] ?? text).toLowerCase(),
  );
