import type { Incident, RestorePlan } from '../artefacts';
import { codeSpan, escapeMarkdown, fenced } from '../escape-markdown';
import { valueOf } from '../errors';
import { formatDuration, parseInstant } from '../time';
import { instanceCost, totalUnits } from './instance-cost';
import { expectedEndpoint } from './render-plan';

type Plan = Omit<RestorePlan, 'schemaVersion'>;
type Told = Pick<Incident, 'statement' | 'effect' | 'lostWrites' | 'coverage'>;

/** The plan for a pull request, as GitHub-flavoured Markdown: what a reviewer has to agree to, and how to undo it. */
export function renderPlanMarkdown(plan: Plan, incident: Told): string {
  const { drill, source, restored } = plan;
  return [
    `# Restore plan of drill ${codeSpan(drill)}${isEarnest(plan) ? ', in earnest' : ''}`,
    `Restores ${codeSpan(source.clusterIdentifier)} as it was at **${plan.restoreTo}** into the new cluster ${codeSpan(restored.clusterIdentifier)}, beside the source, which stays as it is. Valid until **${plan.expiresAt}**.`,
    table(
      ['', 'now', 'restored'],
      [
        ['cluster', codeSpan(source.clusterIdentifier), codeSpan(restored.clusterIdentifier)],
        ['endpoint', codeSpan(`${source.endpoint}:${source.port}`), newEndpoint(plan)],
        [
          'engine',
          escapeMarkdown(`${source.engine} ${source.engineVersion}`),
          'the same, as a restore gives it',
        ],
        [
          'place',
          escapeMarkdown(`account ${plan.account}, ${plan.region}`),
          'the same; Terraform may change no other account',
        ],
      ],
    ),
    ...section('Why', why(incident)),
    ...section('From when to when', when(plan, incident)),
    ...section('What is lost', lost(plan, incident)),
    ...section('What is created', created(plan)),
    ...section('What changes, and what does not', settings(plan)),
    ...section('How it is applied, and undone', undo(plan)),
  ].join('\n\n');
}

function section(title: string, blocks: readonly string[]): string[] {
  return [`## ${title}`, ...blocks];
}

function why({ statement, effect }: Told): string[] {
  const tables = statement.tables.map(codeSpan).join(', ');
  return [
    `${codeSpan(statement.user)} ran this at ${statement.executedAt}${statement.database === '' ? '' : ` in ${codeSpan(statement.database)}`}${tables === '' ? '' : `; it changes ${tables}`}:`,
    fenced('sql', statement.sql),
    `It took effect between ${effect.earliestAt} and ${effect.latestAt} (${escapeMarkdown(effect.basis)}).`,
  ];
}

function when({ restoreTo, window, method, madeAt, expiresAt }: Plan, { effect }: Told): string[] {
  return [
    list([
      `restore point: **${restoreTo}**, ${formatDuration(msBetween(restoreTo, effect.earliestAt))} before the earliest effect`,
      `restorable when checked at ${window.checkedAt}: ${window.earliestAt} to ${window.latestAt}`,
      `method: ${method.kind}: ${escapeMarkdown(method.reason)}`,
      `made at ${madeAt}, expires at ${expiresAt}: after that it is refused`,
    ]),
  ];
}

function lost({ restoreTo }: Plan, { effect, lostWrites, coverage }: Told): string[] {
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
  return [
    list([
      `between restore point and damage (${formatDuration(msBetween(restoreTo, effect.latestAt))} at most): ${counts(beforeEffect)}`,
      `after the damage, up to ${coverage.until ?? 'the end of the logs'}: ${counts(afterEffect)}`,
      'what the source commits from then on until the application is brought over',
    ]),
    ...(rows.length === 0 ? [] : [table(['table', 'user', 'kind', 'statements', 'when'], rows)]),
    ...(more > 0 ? [`and ${more} further groups, in ${codeSpan('incident.json')}`] : []),
    ...coverage.warnings.map((warning) => `> ${escapeMarkdown(warning)}`),
  ];
}

const MAX_GROUPS = 15;

function counts({ transactions, statements }: { transactions: number; statements: number }): string {
  return `${transactions} transactions with ${statements} writing statements`;
}

function created({ restored }: Plan): string[] {
  const units = totalUnits(restored.instances.map(({ instanceClass }) => instanceClass));
  return [
    table(
      ['instance', 'class', 'cost class', 'like'],
      restored.instances.map((instance) => {
        const cost = instanceCost(instance.instanceClass);
        return [
          codeSpan(instance.identifier),
          codeSpan(instance.instanceClass),
          `${cost.kind}${cost.units === null ? '' : `, ${cost.units} units`}`,
          codeSpan(instance.modelledOn),
        ];
      }),
    ),
    `It costs what such instances cost for as long as it exists${units === null ? '' : ` (together ${units} normalized units; an instance of size large has 4)`}, and its storage.`,
  ];
}

function settings({ restored, differences }: Plan): string[] {
  const carried: [string, string][] = [
    ['parameter group', restored.parameterGroup],
    ['subnet group', restored.subnetGroup],
    ['security groups', restored.securityGroupIds.join(', ')],
    ['encryption key', restored.kmsKeyId ?? 'none: the source is not encrypted'],
    ['port', String(restored.port)],
    ['IAM authentication', restored.iamAuthentication ? 'on' : 'off'],
    ['log exports', restored.logExports.join(', ') || 'none'],
    ['roles', restored.roles.map(({ arn }) => arn).join(', ') || 'none'],
    ['storage', restored.storageType ?? 'standard'],
    ['backtrack', restored.backtrackWindowSeconds === 0 ? 'off' : `${restored.backtrackWindowSeconds} s`],
    [
      'serverless v2',
      restored.serverlessV2 === null
        ? 'none'
        : `${restored.serverlessV2.minCapacity} to ${restored.serverlessV2.maxCapacity} capacity units`,
    ],
    ['tags', Object.keys(restored.tags).join(', ') || 'none'],
  ];
  return [
    'Different from the source on purpose:',
    list(differences.map(escapeMarkdown)),
    'As on the source:',
    table(
      ['setting', 'value'],
      carried.map(([name, value]) => [name, codeSpan(value)]),
    ),
  ];
}

function undo(plan: Plan): string[] {
  const { drill, restored } = plan;
  return [
    fenced(
      'sh',
      [
        `npm run guard -- --drill ${drill} --stack restore --check-window   # refuses anything but this plan`,
        `DRILL=${drill} npx cdktf deploy restore`,
        `npm run verify -- --drill ${drill}`,
        '',
        '# the way back: nothing uses the restored cluster before a repoint that has a review of its own',
        `npm run guard -- --drill ${drill} --stack restore --destroy`,
        ...(isEarnest(plan)
          ? [
              '# it is protected on purpose: whoever removes it lifts that by hand',
              `aws rds modify-db-cluster --db-cluster-identifier ${restored.clusterIdentifier} --no-deletion-protection`,
            ]
          : []),
        `DRILL=${drill} npx cdktf destroy restore`,
      ].join('\n'),
    ),
  ];
}

/** What a plan with --earnest has and a drill's has not. */
function isEarnest({ restored }: Plan): boolean {
  return restored.finalSnapshotIdentifier !== undefined;
}

function newEndpoint(plan: Plan): string {
  const endpoint = expectedEndpoint(plan);
  return endpoint === null
    ? 'given by AWS once it is created'
    : codeSpan(`${endpoint}:${plan.restored.port}`);
}

function msBetween(from: string, to: string): number {
  return (valueOf(parseInstant(to)) - valueOf(parseInstant(from))) / 1000;
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}
