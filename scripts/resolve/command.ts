import type { Command } from 'commander';
import { scriptCommand } from '../../lib/cli';

export function resolveCommand(): Command {
  return scriptCommand(
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
}

function append(value: string, previous: string[]): string[] {
  return [...previous, value];
}
