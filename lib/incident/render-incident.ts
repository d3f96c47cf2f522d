import type { Incident } from '../artefacts/incident';
import { formatDuration } from '../time';
import type { RefusedCandidate } from './refusals';

/** The incident as a person reads it at the terminal. */
export function renderIncident(incident: Omit<Incident, 'schemaVersion' | 'madeAt'>): string {
  const { statement, transaction, effect, recordTime, lostWrites, coverage } = incident;
  const rows: [string, string][] = [
    ['statement', statement.sql],
    ['', `${statement.kind} of ${statement.tables.join(', ') || 'unknown tables'}`],
    [
      'by',
      `${statement.user}@${statement.host}, connection ${statement.connectionId} of ${statement.serverHost || 'the server'}`,
    ],
    ['logged at', `${statement.executedAt} (query ${statement.queryId ?? '?'})`],
    ['transaction', renderTransaction(transaction)],
    ['effect', `${effect.earliestAt} to ${effect.latestAt}`],
    ['', effect.basis],
    ['restore to', incident.restoreTo],
  ];
  if (recordTime !== null) {
    rows.push([
      'record time',
      `${formatDuration(recordTime.lagMs)} late: restoring by it would be ${recordTime.restoreTo}, which ${
        recordTime.includesDamage ? 'INCLUDES the damage' : 'would still be before the damage'
      }`,
    ]);
  }
  rows.push(['lost writes', `${renderLost(lostWrites.beforeEffect)} between restore point and effect`]);
  rows.push(['', `${renderLost(lostWrites.afterEffect)} from the effect to the end of the logs`]);
  rows.push([
    'logs',
    `${coverage.source}, ${coverage.records} records${coverage.completeUntil === null ? '' : `, complete up to ${coverage.completeUntil}`}`,
  ]);
  if (coverage.unparsed > 0)
    rows.push(['', `${coverage.unparsed} lines are not audit records and were not understood`]);
  for (const warning of coverage.warnings) rows.push(['warning', warning]);
  return rows.map(([name, value]) => `${name.padEnd(12)} ${value}`.trimEnd()).join('\n');
}

function renderTransaction({ kind, beganAt, committedAt }: Incident['transaction']): string {
  switch (kind) {
    case 'autocommit':
      return 'its own (autocommit)';
    case 'explicit':
      return `began ${beganAt ?? 'at an unknown time'}, committed ${committedAt ?? 'at an unknown time'}`;
    case 'unknown':
      return 'unknown: the logs do not show transactions';
  }
}

function renderLost({ transactions, statements, groups }: Incident['lostWrites']['beforeEffect']): string {
  if (statements === 0) return 'none';
  const most = groups
    .slice(0, 5)
    .map((group) => `${group.statements} ${group.kind} ${group.table} by ${group.user}`);
  const more = groups.length > most.length ? `, and ${groups.length - most.length} more groups` : '';
  return `${statements} statements in ${transactions} transactions (${most.join('; ')}${more})`;
}

/** The candidates of a refusal, as a table to choose from by `--pick`. */
export function renderRefusedCandidates(candidates: readonly RefusedCandidate[]): string {
  const header = ['pick', 'time', 'user', 'connection', 'kind', 'outcome', 'statement'];
  const rows = candidates.map((each) => [
    String(each.number),
    each.executedAt,
    `${each.user}@${each.host}`,
    each.connectionId,
    each.kind,
    each.fate,
    shorten(each.sql),
  ]);
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  return [header, ...rows]
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const WIDEST_STATEMENT = 100;

function shorten(sql: string): string {
  const line = sql.replace(/\s+/g, ' ');
  return line.length > WIDEST_STATEMENT ? `${line.slice(0, WIDEST_STATEMENT - 1)}…` : line;
}
