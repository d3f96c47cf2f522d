import type { PlannedCluster, RestorePlan } from '../artefacts/restore-plan';
import { valueOf } from '../errors';
import { formatDuration, parseInstant } from '../time';
import { originOfSetting } from './setting-origin';

/** The plan as a person reads it at the terminal before approving it. */
export function renderPlan(plan: Omit<RestorePlan, 'schemaVersion'>): string {
  return [
    `Restore plan of drill ${plan.drill} (account ${plan.account}, ${plan.region}), to ${plan.restoreTo}`,
    `Expires at ${plan.expiresAt}, ${formatDuration(validForMs(plan))} after it was made.`,
    ...plan.clusters.flatMap((cluster) => ['', ...renderCluster(cluster)]),
  ].join('\n');
}

function renderCluster(cluster: PlannedCluster): string[] {
  const { source, restored, window, method, dataAt, loses, differences, backtrack } = cluster;
  const instances = restored.instances.map(
    (instance) =>
      `${instance.identifier}  ${instance.instanceClass}  ${instance.modelledOn === null ? 'as chosen' : `like ${instance.modelledOn}`}`,
  );
  const settings = [
    ['parameter group', restored.parameterGroup],
    ['subnet group', restored.subnetGroup],
    ['security groups', restored.securityGroupIds.join(', ')],
    ['encryption key', restored.kmsKeyId ?? 'none'],
  ] as const;
  return [
    ...table([
      [
        'restore',
        source.clusterIdentifier,
        `${source.engine} ${source.engineVersion}, ${source.deleted ? `deleted: by its backups, ${source.resourceId}` : 'stays as it is'}`,
      ],
      ['as of', dataAt, `${method.kind}: ${method.reason}`],
      ['loses', loses, ''],
      ['into', restored.clusterIdentifier, 'a new cluster'],
      ...instances.map((instance, i): Row => [i === 0 ? 'with' : '', instance, '']),
      ['window', window === null ? 'none' : `${window.earliestAt} to ${window.latestAt}`, ''],
      ['endpoint now', source.endpoint === null ? 'none' : `${source.endpoint}:${source.port}`, ''],
      ['then', expectedEndpoint(cluster) ?? 'given by AWS once it is created', ''],
      ...settings.map(([name, value]): Row => [name, value, originOfSetting(cluster, name)]),
      ...(backtrack === null
        ? []
        : [
            [
              'or',
              backtrack.command,
              `rewinds the source in place, back to ${backtrack.earliestAt} at most`,
            ] as const,
          ]),
    ]),
    '',
    '  Different from the source on purpose:',
    ...differences.map((difference) => `    - ${difference}`),
  ];
}

/**
 * RDS builds endpoints as `<cluster>.cluster-<id of account and region>.<region>.rds.amazonaws.com`,
 * so the new one follows from the old; null for an endpoint that does not look like that.
 */
export function expectedEndpoint({
  source,
  restored,
}: Pick<PlannedCluster, 'source' | 'restored'>): string | null {
  const head = `${source.clusterIdentifier}.cluster-`;
  if (source.endpoint?.startsWith(head) !== true) return null;
  return `${restored.clusterIdentifier}.cluster-${source.endpoint.slice(head.length)}`;
}

function validForMs(plan: Pick<RestorePlan, 'madeAt' | 'expiresAt'>): number {
  return (valueOf(parseInstant(plan.expiresAt)) - valueOf(parseInstant(plan.madeAt))) / 1000;
}

type Row = readonly [label: string, value: string, remark: string];

function table(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value, remark]) =>
    `  ${label.padEnd(width)}  ${value}${remark === '' ? '' : `  (${remark})`}`.trimEnd(),
  );
}
