import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { accept, refuse, type Outcome, type Refusal } from '../../errors';
import { tokenize } from '../../incident/sql-tokens';
import { parseDurationMs } from '../../time';

/** A team's own checks: a YAML file in its repository, with a JSON schema for editors. */

const value = z.union([z.number(), z.string()]);
const columnName = z
  .string()
  .regex(/^[^.]+[.][^.]+[.][^.]+$/)
  .describe('a column with an index, as database.table.column');

const expectation = z
  .union([
    z.literal('same as source').describe('the source gives the same rows, in any order'),
    z.literal('no rows').describe('the statement gives no row'),
    z.strictObject({ equals: value }),
    z.strictObject({ 'at least': z.number() }),
    z.strictObject({ 'at most': z.number() }),
    z.strictObject({ between: z.tuple([z.number(), z.number()]).describe('both bounds included') }),
  ])
  .describe(
    'what the statement must give; of one row with one value, except for "no rows" and "same as source"',
  );

const ownCheck = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9](?:-?[a-z0-9])*$/)
    .describe('small letters, digits and hyphens; once in the file'),
  title: z.string().min(1).describe('what a pass shows, as a sentence').optional(),
  sql: z
    .string()
    .min(1)
    .describe('one statement that reads; with chunks it must contain {range} in its WHERE'),
  expect: expectation,
  timeout: z
    .string()
    .regex(/^\d+(?:[.]\d+)?(?:ms|s|m|h)$/)
    .default('1m')
    .describe('the longest that the statement may run, or each piece of it: 500ms, 30s, 5m'),
  chunks: z
    .strictObject({
      by: columnName.describe('a whole-number column with an index, as database.table.column'),
      size: z.int().min(1).default(100_000).describe('numbers to a piece'),
    })
    .describe(
      'runs the statement piece by piece, {range} being one range of the column; numbers are added up',
    )
    .optional(),
});

export const ownChecksSchema = z.strictObject({
  checks: z.array(ownCheck).min(1).describe('run side by side, each in a session that can only read'),
});

export type Expectation = z.infer<typeof expectation>;

export interface OwnCheck {
  readonly name: string;
  readonly title: string;
  readonly sql: string;
  readonly expect: Expectation;
  readonly timeoutMs: number;
  readonly chunks: { readonly by: string; readonly size: number } | undefined;
}

export type OwnChecksRefusal = Refusal<'invalid-checks'>;

/** The JSON schema of the file, for editors: what `npm run verify -- --checks-schema` prints. */
export function ownChecksJsonSchema(): object {
  return z.toJSONSchema(ownChecksSchema, { io: 'input' });
}

export const RANGE = '{range}';

/** Parses the file's text. `taken` are the names of the built-in checks. */
export function parseOwnChecks(
  file: string,
  text: string,
  taken: readonly string[],
): Outcome<OwnCheck[], OwnChecksRefusal> {
  const invalid = (message: string): Outcome<never, OwnChecksRefusal> =>
    refuse({
      reason: 'invalid-checks',
      message: `${file}: ${message}`,
      hint: "mend it; 'npm run verify -- --checks-schema' prints its JSON schema for editors",
    });
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    return invalid(error.message);
  }
  const parsed = ownChecksSchema.safeParse(content);
  if (!parsed.success) return invalid(z.prettifyError(parsed.error));
  const names = new Set(taken);
  const checks: OwnCheck[] = [];
  for (const { name, title, sql, expect, timeout, chunks } of parsed.data.checks) {
    const fault = names.has(name)
      ? 'there is another check of this name'
      : faultOf(sql, expect, chunks !== undefined);
    if (fault !== undefined) return invalid(`check '${name}': ${fault}`);
    const timeoutMs = parseDurationMs(timeout);
    if (!timeoutMs.ok) return invalid(`check '${name}': ${timeoutMs.refusal.message}`);
    names.add(name);
    checks.push({
      name,
      title: title ?? titleOf(name),
      sql: withoutEnd(sql),
      expect,
      timeoutMs: timeoutMs.value,
      chunks,
    });
  }
  return accept(checks);
}

function titleOf(name: string): string {
  return `own check: ${name.replaceAll('-', ' ')}`;
}

function withoutEnd(sql: string): string {
  return sql.trim().replace(/(\s*;)+$/, '');
}

/** The session can only read; but SET, and what writes outside of tables, it would not stop. */
const READS = ['SELECT', 'WITH', 'TABLE', 'VALUES', 'SHOW', 'CHECKSUM'];

function faultOf(sql: string, expect: Expectation, inChunks: boolean): string | undefined {
  const { tokens, unterminated } = tokenize(withoutEnd(sql), 'mysql');
  const code = tokens.filter(({ type }) => type !== 'comment');
  const first = code.find(({ text }) => text !== '(');
  if (unterminated) return 'its statement ends in the middle of a text or comment';
  if (first?.type !== 'word' || !READS.includes(first.text)) {
    return `its statement must begin with one of ${READS.join(', ')}`;
  }
  if (code.some(({ type, text }) => type === 'punctuation' && text === ';'))
    return 'it must be one statement';
  const words = code.map(({ type, text }) => (type === 'word' ? text : ''));
  if (/\b(INTO|LOCK|FOR (UPDATE|SHARE))\b/.test(words.join(' '))) {
    return 'its statement must not write or lock (INTO, LOCK, FOR UPDATE, FOR SHARE)';
  }
  if (inChunks !== sql.includes(RANGE)) return `${RANGE} and chunks belong together`;
  if (typeof expect === 'object' && 'between' in expect && expect.between[0] > expect.between[1]) {
    return 'its bounds are the wrong way round';
  }
  return undefined;
}
