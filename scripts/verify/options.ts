import { z } from 'zod';
import { parsedBy, scriptCommand } from '../../lib/cli';
import { parseDurationMs } from '../../lib/time';
import type { CheckSettings } from '../../lib/verify/check';
import { DEFAULT_CHECKS_FILE } from '../../lib/verify/own-checks/own-checks-file';
import { parseTimeoutMs } from '../../lib/verify/timeout';
import { parseOffset } from '../../lib/verify/wall-time';

export const command = scriptCommand(
  'verify',
  `Checks the restored data against the source, reading only, and writes drills/<id>/verification.json.

Environment:
  DRILL_DB_USER, DRILL_DB_PASSWORD  a user that may read both databases, as it was at the restore point
  DRILL_DB_SECRET                   or a secret in Secrets Manager with username and password
  DRILL_DB_IAM_USER                 or a user of IAM database authentication
  DRILL_DB_CA                       file with the CA certificates of the database servers; hosts under
                                    rds.amazonaws.com are verified by Amazon's own without it`,
  ['--drill 2026-01-02-accounts', '--drill 2026-01-02-accounts --clock shop.orders.placed_at --no-source'],
)
  .option('--drill <id>', 'the drill (default: environment variable DRILL, or the only one there is)')
  .option(
    '--database <name>',
    'which database of a PostgreSQL cluster to look at (default: the one that the incident hit, or the only one)',
  )
  .option('--no-source', 'look at the restored cluster alone')
  .option(
    '--clock <db.table.column...>',
    'columns that tell when a row was written, beside those found (with PostgreSQL: schema.table.column)',
  )
  .option('--not-clock <db.table.column...>', 'columns that look like it and are not')
  .option(
    '--clock-timezone <offset>',
    "time zone of columns that hold no zone (DATETIME, PostgreSQL's timestamp), such as UTC or +02:00",
  )
  .option(
    '--commit-delay <duration>',
    'the longest that a write takes from its statement to its COMMIT',
    '500ms',
  )
  .option(
    '--expect-different <db.table...>',
    'tables that you know to differ from the source (with PostgreSQL: schema.table)',
  )
  .option('--compare-rows <count>', 'compare tables of up to this many rows row by row', '1000000')
  .option(
    '--chunk-rows <count>',
    'count and add up larger tables in pieces of so many rows, by their primary key',
    '1000000',
  )
  .option('--checks <file>', `your own checks in YAML (default: ${DEFAULT_CHECKS_FILE}, where there is one)`)
  .option('--parallel <count>', 'how many of your own checks run at once', '4')
  .option('--checks-schema', 'print the JSON schema of that file, for editors, and do nothing else')
  .option('--statement-timeout <duration>', 'the longest that one statement may run', '5m')
  .option('--json', 'print the verification as JSON');

const names = (parts: number, example: string): z.ZodType<string[]> =>
  z
    .array(z.string().refine((name) => name.split('.').length === parts, `expected a name like ${example}`))
    .default([]);

export const options = z
  .strictObject({
    drill: z.string().optional(),
    source: z.boolean(),
    database: z.string().min(1).optional(),
    clock: names(3, 'shop.orders.placed_at'),
    notClock: names(3, 'shop.orders.placed_at'),
    clockTimezone: parsedBy(parseOffset).optional(),
    commitDelay: parsedBy(parseDurationMs),
    expectDifferent: names(2, 'shop.orders'),
    compareRows: z.coerce.number().int().min(0),
    chunkRows: z.coerce.number().int().min(1),
    checks: z.string().optional(),
    parallel: z.coerce.number().int().min(1).max(64),
    checksSchema: z.boolean().default(false),
    statementTimeout: parsedBy(parseTimeoutMs),
    json: z.boolean().default(false),
  })
  .transform(
    ({ clock, notClock, clockTimezone, commitDelay, expectDifferent, compareRows, chunkRows, ...rest }) => {
      const settings: CheckSettings = {
        clocks: clock,
        ignoredClocks: notClock,
        clockOffsetMinutes: clockTimezone,
        commitDelayMs: commitDelay,
        expectDifferent,
        compareRows,
        chunkRows,
      };
      return { ...rest, settings };
    },
  );
