import { IANAZone } from 'luxon';
import { z } from 'zod';
import { dialectSchema } from '../artefacts/incident';
import { refuse, type Outcome } from '../errors';
import { epochMicros, parseDurationMs, parseInstant, type EpochMicros } from '../time';
import type { Pick } from './choose-incident';

const DEFAULT_SINCE_MICROS = 3 * 3_600_000_000;

/** The options of `resolve` as commander gives them, turned into what the resolution takes. `now` stands for the end of the logs. */
export function resolveOptionsSchema(now: EpochMicros): z.ZodType<ResolveCommand> {
  return commandSchema(now);
}

function commandSchema(now: EpochMicros) {
  const instant = text((value): Outcome<EpochMicros> => {
    const age = parseDurationMs(value);
    if (!age.ok) return parseInstant(value);
    return age.value > LONGEST_MS
      ? tooLong(value)
      : { ok: true, value: epochMicros(now - Math.round(age.value * 1000)) };
  });
  const duration = text((value): Outcome<number> => {
    const parsed = parseDurationMs(value);
    return parsed.ok && parsed.value > LONGEST_MS ? tooLong(value) : parsed;
  }).transform((ms) => Math.round(ms * 1000));
  return z
    .strictObject({
      cluster: z.string().min(1),
      source: z.enum(['cloudwatch', 'file']),
      logFile: z.array(z.string()),
      logGroup: z.string().optional(),
      dialect: dialectSchema.optional(),
      since: instant.optional(),
      until: instant.optional(),
      kind: z.enum(['delete-without-where', 'update-without-where', 'truncate', 'drop', 'any']),
      table: z.string().optional(),
      user: z.string().optional(),
      match: z.string().transform(toRegex).optional(),
      connection: z.string().regex(/^\d+$/, 'a connection id is a number').optional(),
      queryId: z.string().optional(),
      pick: z.string().transform(toPick).optional(),
      margin: duration,
      lookBack: duration,
      queryLogLimit: z.coerce.number().int().min(1).optional(),
      serverTimezone: z
        .string()
        .refine((zone) => IANAZone.isValidZone(zone), 'a time zone such as Europe/Berlin'),
      drill: z.string().optional(),
      export: z.string().optional(),
      wait: z.boolean(),
      yes: z.boolean(),
      showLiterals: z.boolean(),
      json: z.boolean(),
    })
    .superRefine(({ source, logFile }, context) => {
      if (source === 'file' && logFile.length === 0) {
        context.addIssue({ code: 'custom', message: '--source file needs at least one --log-file PATH' });
      }
      if (source === 'cloudwatch' && logFile.length > 0) {
        context.addIssue({ code: 'custom', message: '--log-file needs --source file' });
      }
    })
    .transform((options) => ({
      ...options,
      window: windowOf(options.source, options.since, options.until, now),
      filter: {
        kind: options.kind,
        table: options.table ?? null,
        user: options.user ?? null,
        match: options.match ?? null,
        connectionId: options.connection ?? null,
        queryId: options.queryId ?? null,
      },
      pick: options.pick ?? null,
      marginMicros: options.margin,
      lookBackMicros: options.lookBack,
      queryLogLimit: options.queryLogLimit ?? null,
    }))
    .refine(({ window }) => window.since === null || window.until === null || window.since <= window.until, {
      message: '--since must not be after --until',
    });
}

export type ResolveCommand = z.infer<ReturnType<typeof commandSchema>>;

/** Files end where they end; a log group goes on, so its window is closed at now. */
function windowOf(
  source: 'cloudwatch' | 'file',
  since: EpochMicros | undefined,
  until: EpochMicros | undefined,
  now: EpochMicros,
): { since: EpochMicros | null; until: EpochMicros | null } {
  if (source === 'file') return { since: since ?? null, until: until ?? null };
  return { since: since ?? epochMicros((until ?? now) - DEFAULT_SINCE_MICROS), until: until ?? now };
}

/** Before any log began. */
const LONGEST_MS = 50 * 365 * 86_400_000;

function tooLong(value: string): Outcome<never> {
  return refuse({
    reason: 'too-long',
    message: `'${value}' is longer than 50 years`,
    hint: 'write a shorter one, such as 2h or 3d',
  });
}

function text<T>(parse: (value: string) => Outcome<T>): z.ZodType<T, string> {
  return z.string().transform((value, context) => {
    const parsed = parse(value);
    if (parsed.ok) return parsed.value;
    context.addIssue({ code: 'custom', message: `${parsed.refusal.message}: ${parsed.refusal.hint}` });
    return z.NEVER;
  });
}

function toRegex(pattern: string, context: z.RefinementCtx): RegExp {
  try {
    return new RegExp(pattern, 'i');
  } catch {
    context.addIssue({ code: 'custom', message: `'${pattern}' is not a regular expression` });
    return z.NEVER;
  }
}

/** `all`, `2`, `1,3`, `2-5`. */
function toPick(value: string, context: z.RefinementCtx): Pick {
  if (value === 'all') return 'all';
  const numbers = value.split(',').flatMap((part) => {
    const [, first, last] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part.trim()) ?? [];
    if (first === undefined) return [NaN];
    const length = Number(last ?? first) - Number(first) + 1;
    return length < 1 ? [NaN] : Array.from({ length }, (_, i) => Number(first) + i);
  });
  if (numbers.some((number) => !Number.isInteger(number) || number < 1)) {
    context.addIssue({ code: 'custom', message: `'${value}' picks no candidate: write 2, 1,3, 2-5 or all` });
    return z.NEVER;
  }
  return numbers;
}
