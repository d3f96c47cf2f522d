import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { accept, refuse, type Outcome, type Refusal } from './errors';
import { parseDurationMs } from './time';

/** The project's own settings: one YAML file in its root, with a JSON schema for editors. All of it is optional. */
export const SETTINGS_FILE = 'restore-drill.yaml';

/** Where states lie in their bucket, unless it is said. */
export const STATE_PREFIX = 'restore-drills';

const duration = z
  .string()
  .regex(/^\d+(?:[.]\d+)?(?:ms|s|m|h|d)$/)
  .transform((text, context) => {
    const parsed = parseDurationMs(text);
    if (parsed.ok) return parsed.value;
    context.addIssue({ code: 'custom', message: parsed.refusal.message });
    return z.NEVER;
  });

const s3State = z
  .strictObject({
    bucket: z.string().min(3).max(63).describe('the bucket; versioning should be on'),
    prefix: z
      .string()
      .regex(/^[A-Za-z0-9!_.'()*-]+(?:\/[A-Za-z0-9!_.'()*-]+)*$/)
      .default(STATE_PREFIX)
      .describe('keys are PREFIX/DRILL/STACK.tfstate'),
    region: z.string().describe('of the bucket'),
    kmsKeyId: z.string().describe("a KMS key's ARN; default: the bucket's own encryption").optional(),
    usePathStyle: z
      .boolean()
      .default(false)
      .describe('for stores that are not AWS: the bucket in the path, not in the host name'),
  })
  .describe("Terraform's state in S3, locked by S3 itself (Terraform or OpenTofu 1.10 and later)");

export const settingsSchema = z.strictObject({
  account: z
    .string()
    .regex(/^\d{12}$/)
    .describe('the AWS account that preflight expects; quote it')
    .optional(),
  region: z.string().describe('the AWS region that preflight expects').optional(),
  state: z.strictObject({ s3: s3State }).describe('default: files beside the artefacts').optional(),
  readiness: z
    .strictObject({
      backupRetentionDays: z
        .int()
        .min(1)
        .max(35)
        .default(7)
        .describe('the shortest backup retention that preflight lets pass'),
    })
    .prefault({}),
  targets: z
    .strictObject({
      rto: duration.describe('the longest that a recovery may take, such as 1h').optional(),
      rpo: duration.describe('the most that a restore may give up, such as 5m').optional(),
    })
    .prefault({})
    .transform(({ rto: rtoMs, rpo: rpoMs }) => ({ rtoMs, rpoMs })),
});

export type Settings = z.infer<typeof settingsSchema>;
export type S3State = z.infer<typeof s3State>;

export type SettingsRefusal = Refusal<'invalid-settings'>;

/** Parses the file's text; an empty one is all defaults. Unknown keys are refused. */
export function parseSettings(text: string): Outcome<Settings, SettingsRefusal> {
  const invalid = (message: string): Outcome<never, SettingsRefusal> =>
    refuse({
      reason: 'invalid-settings',
      message: `${SETTINGS_FILE}: ${message}`,
      hint: "mend it; 'npm run preflight -- --settings-schema' prints its JSON schema for editors",
    });
  let content: unknown;
  try {
    content = parse(text) ?? {};
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    return invalid(error.message);
  }
  const parsed = settingsSchema.safeParse(content);
  return parsed.success ? accept(parsed.data) : invalid(z.prettifyError(parsed.error));
}

/** The JSON schema of the file, for editors. */
export function settingsJsonSchema(): object {
  return z.toJSONSchema(settingsSchema, { io: 'input' });
}
