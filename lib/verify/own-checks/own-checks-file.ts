import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { accept, refuse, type Outcome, type Refusal } from '../../errors';
import { tokenize, type SqlFlavour } from '../../incident/sql-tokens';
import { parseTimeoutMs } from '../timeout';
import { compareDecimals, decimalOf } from './decimal';

/** A team's own checks: a YAML file in its repository, with a JSON schema for editors. */

/** Where it is unless verify is told otherwise. */
export const DEFAULT_CHECKS_FILE = 'restore-checks.yaml';

const value = z.union([z.number(), z.string()]);
const bound = z.union([z.number(), z.string().regex(/^-?\d+(?:[.]\d+)?$/)]);
const columnName = z
  .string()
  .regex(/^[^.]+[.][^.]+[.][^.]+$/)
  .describe('a column with an index, as database.table.column, with PostgreSQL schema.table.column');

const expectation = z
  .union([
    z.literal('same as source').describe('the source gives the same rows, in any order'),
    z.literal('no rows').describe('the statement gives no row'),
    z.strictObject({ equals: value }),
    z.strictObject({ 'at least': bound }),
    z.strictObject({ 'at most': bound }),
    z.strictObject({ between: z.tuple([bound, bound]).describe('both bounds included') }),
  ])
  .describe(
    'what the statement must give; of one row with one value, except for "no rows" and "same as source"; numbers of more than 15 digits in quotes',
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
  cluster: z
    .string()
    .min(1)
    .describe('the source cluster whose restored data it looks at; default: the damaged one')
    .optional(),
  timeout: z
    .string()
    .regex(/^\d+(?:[.]\d+)?(?:ms|s|m|h)$/)
    .default('1m')
    .describe('the longest that the statement may run, or each piece of it: 500ms, 30s, 5m; at most 24h'),
  chunks: z
    .strictObject({
      by: columnName.describe(
        'a whole-number column with an index, as database.table.column (PostgreSQL: schema.table.column)',
      ),
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
/** A number, or one in quotes that has more digits than a number keeps. */
export type Bound = z.infer<typeof bound>;

export interface OwnCheck {
  readonly name: string;
  readonly title: string;
  readonly sql: string;
  readonly expect: Expectation;
  /** Undefined for the damaged cluster. */
  readonly cluster: string | undefined;
  readonly timeoutMs: number;
  readonly chunks: { readonly by: string; readonly size: number } | undefined;
}

export type OwnChecksRefusal = Refusal<'invalid-checks'>;

/** The JSON schema of the file, for editors: what `npm run verify -- --checks-schema` prints. */
export function ownChecksJsonSchema(): object {
  return z.toJSONSchema(ownChecksSchema, { io: 'input' });
}

export const RANGE = '{range}';

/** Parses the file's text. `taken` are the names of the built-in checks; `flavourOf` tells the SQL of a cluster, undefined for the damaged one. */
export function parseOwnChecks(
  file: string,
  text: string,
  taken: readonly string[],
  flavourOf: (cluster: string | undefined) => SqlFlavour = () => 'mysql',
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
    // of an alias of nothing, or of too many, the parser says so by a ReferenceError
    if (!(error instanceof YAMLParseError || error instanceof ReferenceError)) throw error;
    return invalid(error.message);
  }
  const parsed = ownChecksSchema.safeParse(content);
  if (!parsed.success) return invalid(z.prettifyError(parsed.error));
  const names = new Set(taken);
  const checks: OwnCheck[] = [];
  for (const { name, title, sql, expect, cluster, timeout, chunks } of parsed.data.checks) {
    const fault = names.has(name)
      ? 'there is another check of this name'
      : faultOf(sql, expect, chunks !== undefined, flavourOf(cluster));
    if (fault !== undefined) return invalid(`check '${name}': ${fault}`);
    const timeoutMs = parseTimeoutMs(timeout);
    if (!timeoutMs.ok) return invalid(`check '${name}': ${timeoutMs.refusal.message}`);
    names.add(name);
    checks.push({
      name,
      title: title ?? titleOf(name),
      sql: withoutEnd(sql),
      expect,
      cluster,
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

function faultOf(
  sql: string,
  expect: Expectation,
  inChunks: boolean,
  flavour: SqlFlavour,
): string | undefined {
  const { tokens, unterminated } = tokenize(withoutEnd(sql), flavour);
  const code = tokens.filter(({ type }) => type !== 'comment');
  const first = code.find(({ text }) => text !== '(');
  if (unterminated) return 'its statement ends in the middle of a text or comment';
  if (first?.type !== 'word' || !READS.includes(first.text)) {
    return `its statement must begin with one of ${READS.join(', ')}`;
  }
  if (code.some(({ type, text }) => type === 'punctuation' && text === ';'))
    return 'it must be one statement';
  const words = code.map(({ type, text }) => (type === 'word' ? text : ''));
  if (/\b(INTO|LOCK|SET_CONFIG|FOR (NO KEY )?(UPDATE|SHARE))\b|\bFOR KEY SHARE\b/.test(words.join(' '))) {
    return 'its statement must not write or lock (INTO, LOCK, FOR UPDATE, FOR SHARE, set_config)';
  }
  if (inChunks !== sql.includes(RANGE)) return `${RANGE} and chunks belong together`;
  const numbers = typeof expect === 'object' ? Object.values<Bound | readonly Bound[]>(expect) : [];
  const inexact = numbers.flat().find(isInexact);
  if (inexact !== undefined) {
    return `its number, which YAML reads as ${inexact}, has more digits than a number keeps: write it in quotes`;
  }
  if (typeof expect === 'object' && 'between' in expect && isReversed(expect.between)) {
    return 'its bounds are the wrong way round';
  }
  return undefined;
}

/** Whole numbers up to 2^53 are exact, and others of fifteen digits. */
function isInexact(given: Bound): boolean {
  if (typeof given === 'string' || Number.isSafeInteger(given)) return false;
  return Number.isInteger(given) || String(given).replace(/e.*|^-?[0.]+|\D/g, '').length > 15;
}

function isReversed([least, most]: readonly [Bound, Bound]): boolean {
  const [low, high] = [decimalOf(least), decimalOf(most)];
  return low !== undefined && high !== undefined && compareDecimals(low, high) > 0;
}

/** The checks of one cluster of the plan. */
export function checksOf(checks: readonly OwnCheck[], cluster: string, damaged: string): OwnCheck[] {
  return checks.filter((check) => (check.cluster ?? damaged) === cluster);
}

/** A check of a cluster that is not restored would never run, and nobody would notice. */
export function checkClustersNamed(
  checks: readonly OwnCheck[],
  clusters: readonly string[],
): Outcome<undefined, OwnChecksRefusal> {
  const stray = checks.find(({ cluster }) => cluster !== undefined && !clusters.includes(cluster));
  if (stray === undefined) return accept(undefined);
  return refuse({
    reason: 'invalid-checks',
    message: `check '${stray.name}' is about cluster '${stray.cluster ?? ''}', which this drill does not restore; it restores ${clusters.join(', ')}`,
    hint: 'mend its name, or plan again with --with-cluster',
  });
}
