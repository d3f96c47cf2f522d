import type { Incident } from '../../artefacts/incident';
import type { RestorePlan } from '../../artefacts/restore-plan';
import { codeSpan, escapeMarkdown, fenced } from '../../escape-markdown';
import { valueOf } from '../../errors';
import { formatDuration, parseInstant } from '../../time';
import { list, table } from './blocks';

type Plan = Omit<RestorePlan, 'schemaVersion'>;
export type Told = Pick<Incident, 'statement' | 'effect' | 'lostWrites' | 'coverage'>;

export function why({ statement, effect }: Told): string[] {
  const tables = statement.tables.map(codeSpan).join(', ');
  return [
    `${codeSpan(statement.user)} ran this at ${statement.executedAt}${statement.database === '' ? '' : ` in ${codeSpan(statement.database)}`}${tables === '' ? '' : `; it changes ${tables}`}:`,
    fenced('sql', statement.sql),
    `It took effect between ${effect.earliestAt} and ${effect.latestAt} (${escapeMarkdown(effect.basis)}).`,
  ];
}

export function when({ restoreTo, clusters, madeAt, expiresAt }: Plan, { effect }: Told): string[] {
  return [
    list([
      `restore point: **${restoreTo}**, ${formatDuration(msBetween(restoreTo, effect.earliestAt))} before the earliest effect`,
      ...clusters.flatMap(({ source, window, method }) => [
        `${codeSpan(source.clusterIdentifier)} by ${methodName(method)}: ${escapeMarkdown(method.reason)}`,
        ...(window === null
          ? []
          : [
              `${codeSpan(source.clusterIdentifier)} was restorable when checked at ${window.checkedAt}: ${window.earliestAt} to ${window.latestAt}`,
            ]),
      ]),
      `made at ${madeAt}, expires at ${expiresAt}: after that it is refused`,
    ]),
  ];
}

function methodName(method: Plan['clusters'][number]['method']): string {
  if (method.kind === 'point-in-time') return 'a restore to the point in time';
  const { identifier, type, createdAt } = method.snapshot;
  return `the ${escapeMarkdown(type)} snapshot ${codeSpan(identifier)} of ${createdAt}`;
}

const MAX_GROUPS = 15;

export function lost({ restoreTo, clusters }: Plan, { effect, lostWrites, coverage }: Told): string[] {
  const { beforeEffect, afterEffect } = lostWrites;
  const groups = [...beforeEffect.groups, ...afterEffect.groups];
  const rows = [...groups]
    .sort((a, b) => b.statements - a.statements)
    .slice(0, MAX_GROUPS)
    .map((group) => [
      codeSpan(group.table),
      codeSpan(group.user),
      escapeMarkdown(group.kind),
      String(group.statements),
      `${group.firstAt} to ${group.lastAt}`,
    ]);
  const more = groups.length - rows.length;
  const least = clusters.some(({ method }) => method.kind === 'snapshot') ? 'at least ' : '';
  const [{ source: damaged }, ...further] = clusters;
  const counted = further.length === 0 ? '' : ` on ${codeSpan(damaged.clusterIdentifier)}`;
  return [
    list([
      ...clusters.map(
        ({ source, loses }) => `${codeSpan(source.clusterIdentifier)}: ${escapeMarkdown(loses)}`,
      ),
      `between restore point and damage (${formatDuration(msBetween(restoreTo, effect.latestAt))} at most)${counted}: ${least}${counts(beforeEffect)}`,
      `after the damage, up to ${coverage.until ?? 'the end of the logs'}${counted}: ${counts(afterEffect)}`,
      ...further.map(
        ({ source, dataAt }) =>
          `everything that ${codeSpan(source.clusterIdentifier)} has committed since ${dataAt}: nobody counted it`,
      ),
      'what the source commits from then on until the application is brought over',
    ]),
    ...(rows.length === 0 ? [] : [table(['table', 'user', 'kind', 'statements', 'when'], rows)]),
    ...(more > 0 ? [`and ${more} further groups, in ${codeSpan('incident.json')}`] : []),
    ...coverage.warnings.map((warning) => `> ${escapeMarkdown(warning)}`),
  ];
}

function counts({ transactions, statements }: { transactions: number; statements: number }): string {
  return `${transactions} transactions with ${statements} writing statements`;
}

function msBetween(from: string, to: string): number {
  return (valueOf(parseInstant(to)) - valueOf(parseInstant(from))) / 1000;
}
