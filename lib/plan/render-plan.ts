import type { RestorePlan } from '../artefacts';
import { valueOf } from '../errors';
import { formatDuration, parseInstant } from '../time';

/** The plan as a person reads it at the terminal before approving it. */
export function renderPlan(plan: Omit<RestorePlan, 'schemaVersion'>): string {
  const { source, restored, window } = plan;
  const instances = restored.instances.map(
    (instance) => `${instance.identifier}  ${instance.instanceClass}  like ${instance.modelledOn}`,
  );
  return [
    `Restore plan of drill ${plan.drill} (account ${plan.account}, ${plan.region})`,
    '',
    ...table([
      ['restore', source.clusterIdentifier, `${source.engine} ${source.engineVersion}, stays as it is`],
      ['to', plan.restoreTo, `${plan.method.kind}: ${plan.method.reason}`],
      ['into', restored.clusterIdentifier, 'a new cluster'],
      ...instances.map((instance, i): Row => [i === 0 ? 'with' : '', instance, '']),
      ['window', `${window.earliestAt} to ${window.latestAt}`, ''],
      ['endpoint now', `${source.endpoint}:${source.port}`, ''],
      ['then', expectedEndpoint(plan) ?? 'given by AWS once it is created', ''],
      ['parameter group', restored.parameterGroup, 'as the source'],
      ['subnet group', restored.subnetGroup, 'as the source'],
      ['security groups', restored.securityGroupIds.join(', '), 'as the source'],
      ['encryption', restored.kmsKeyId ?? 'none', 'as the source'],
      ['expires', plan.expiresAt, `${formatDuration(validForMs(plan))} after it was made`],
    ]),
    '',
    'Different from the source on purpose:',
    ...plan.differences.map((difference) => `  - ${difference}`),
  ].join('\n');
}

/**
 * RDS builds endpoints as `<cluster>.cluster-<id of account and region>.<region>.rds.amazonaws.com`,
 * so the new one follows from the old; null for an endpoint that does not look like that.
 */
export function expectedEndpoint({
  source,
  restored,
}: Pick<RestorePlan, 'source' | 'restored'>): string | null {
  const head = `${source.clusterIdentifier}.cluster-`;
  if (!source.endpoint.startsWith(head)) return null;
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
