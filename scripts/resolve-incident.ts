import { setTimeout as sleep } from 'node:timers/promises';
import { findDrill, writeArtefact } from '../lib/artefact-files';
import { SCHEMA_VERSION, type Incident } from '../lib/artefacts';
import { openLogSource } from '../lib/audit/open-log-source';
import { interrupted, output, runScript, scriptCommand } from '../lib/cli';
import { EXIT, valueOf, type ExitCode } from '../lib/errors';
import { renderIncident, renderRefusedCandidates } from '../lib/incident/render-incident';
import { resolveIncident } from '../lib/incident/resolve-incident';
import { resolveOptionsSchema, type ResolveCommand } from '../lib/incident/resolve-options';
import type { ResolveRefusal } from '../lib/incident/refusals';
import { formatInstant, microsFromMillis } from '../lib/time';

const ASK_AGAIN_MS = 2000;

const command = scriptCommand(
  'resolve',
  'Finds the damaging statement in the audit logs, the instant at which it took effect, and the time to restore to.',
  [
    '--cluster trading-prod --since 2h --drill incident-42',
    '--cluster trading-prod --source file --log-file audit.log --log-file audit.log.1.gz',
  ],
)
  .requiredOption('--cluster <id>', 'identifier of the damaged DB cluster')
  .option('--source <place>', 'where the audit logs are: cloudwatch or file', 'cloudwatch')
  .option('--log-file <path>', 'a log file, .gz too, - for standard input; may be repeated', append, [])
  .option('--log-group <name>', 'a log group other than /aws/rds/cluster/<id>/audit')
  .option('--dialect <name>', 'aurora-mysql, server-audit or pgaudit; found from the lines unless said')
  .option('--since <time>', 'begin of the window: RFC 3339 with a zone, or an age such as 2h, 3d')
  .option('--until <time>', 'end of the window, likewise; now unless said')
  .option('--kind <kind>', 'delete-without-where, update-without-where, truncate, drop or any', 'any')
  .option('--table <name>', 'a table that the statement changes')
  .option('--user <name>', 'who ran it')
  .option('--match <regex>', 'matches the text of the statement, which may then be of any kind')
  .option('--connection <id>', 'connection that ran it')
  .option('--query-id <id>', 'query id of the statement, which may then be of any kind')
  .option('--pick <numbers>', 'which of several candidates: 2, 1-3 or all')
  .option(
    '--margin <duration>',
    "how long before the stamp of its end a statement's commit may have come",
    '1s',
  )
  .option('--server-timezone <zone>', 'zone of a log that holds local time, such as Europe/Berlin', 'UTC')
  .option(
    '--look-back <duration>',
    "how far before the window to look for the begin of the incident's connection",
    '1d',
  )
  .option(
    '--query-log-limit <bytes>',
    'length at which the server cuts statements (server_audit_query_log_limit)',
  )
  .option('--export <path>', 'write the lost writes, in the order of their commits, for review and replay')
  .option('--no-wait', 'do not wait for records that may still be arriving')
  .option('--yes', 'query CloudWatch Logs also where it costs much', false)
  .option('--drill <id>', 'write drills/<id>/incident.json')
  .option('--show-literals', 'keep the literal values in SQL', false)
  .option('--json', 'print one JSON object', false);

void runScript(command, resolveOptionsSchema(microsFromMillis(Date.now())), async (options) => {
  const drill = options.drill === undefined ? null : valueOf(findDrill(options.drill));
  const task = output.task(`resolving the incident of ${options.cluster}`);
  try {
    const source = await openLogSource({
      ...options,
      signal: interrupted,
      now: Date.now,
      scanned: () => undefined,
      approve: () => Promise.resolve(true),
    });
    if (!source.ok) return reportRefusal(options, { ...source.refusal, candidates: [] });
    const outcome = await resolveIncident(source.value, options, {
      tell: (progress) => {
        task.update(progress);
      },
      pause: () => sleep(ASK_AGAIN_MS, undefined, { signal: interrupted }),
    });
    task.stop();
    return outcome.ok ? report(options, drill, outcome.value) : reportRefusal(options, outcome.refusal);
  } finally {
    task.stop();
  }
});

function report(
  { json }: ResolveCommand,
  drill: string | null,
  resolved: Omit<Incident, 'schemaVersion' | 'madeAt'>,
): ExitCode {
  const body = { madeAt: formatInstant(microsFromMillis(Date.now())), ...resolved };
  output.result(
    json ? JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...body }, null, 2) : renderIncident(resolved),
  );
  if (drill !== null) {
    const { path } = writeArtefact(drill, 'incident', body);
    output.say(`wrote ${path}`);
    output.say(`next: npm run plan -- --drill ${drill}`);
  }
  return EXIT.ok;
}

function reportRefusal({ json }: ResolveCommand, refusal: ResolveRefusal): ExitCode {
  if (json) output.result(JSON.stringify({ refused: refusal }, null, 2));
  else if (refusal.candidates.length > 0) output.result(renderRefusedCandidates(refusal.candidates));
  output.refusal(refusal);
  return refusal.reason === 'nothing-found' || refusal.reason === 'no-records'
    ? EXIT.nothingFound
    : EXIT.refused;
}

function append(value: string, previous: string[]): string[] {
  return [...previous, value];
}
