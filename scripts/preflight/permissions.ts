import { messageOf } from '../../lib/errors';
import { arnsOf, PERMISSIONS, S3_STATE_ACTIONS, STEPS, type Place, type Step } from '../../lib/plan/actions';
import { isDenied, PolicySimulator, type SimulatedAction } from '../../lib/plan/iam';
import { checkPermissions, permissionsNotSimulated } from '../../lib/plan/permission-readiness';
import { auditLogGroupName } from '../../lib/plan/log-readiness';
import type { ReadinessLine } from '../../lib/plan/readiness-line';
import type { SourceCluster } from '../../lib/plan/source-cluster';
import type { CallerIdentity } from '../../lib/plan/sts';
import type { Settings } from '../../lib/settings';

/** One line for each step: whether IAM would let this caller do it to this cluster. */
export async function checkStepPermissions(
  caller: CallerIdentity,
  region: string,
  source: SourceCluster,
  settings: Settings,
  required: readonly Step[],
): Promise<ReadinessLine[]> {
  const place = placeOf(caller, region, source);
  const needs = STEPS.map((step) => ({ step, groups: groupsOf(step, place, settings) }));
  const actionsOf = (groups: readonly Group[]): string[] => groups.flatMap(({ actions }) => actions);
  const untold = (why: string): ReadinessLine[] =>
    needs.map(({ step, groups }) => permissionsNotSimulated(step, why, actionsOf(groups)));
  const simulator = new PolicySimulator();
  try {
    const principalArn = await simulator.principalOf(caller.arn);
    if (principalArn === undefined) return untold(`IAM does not simulate ${caller.arn}`);
    const lines: ReadinessLine[] = [];
    for (const { step, groups } of needs) {
      const actions: SimulatedAction[] = [];
      for (const group of groups) {
        actions.push(...(await simulator.simulate(principalArn, group.actions, group.arns)));
      }
      lines.push(checkPermissions({ step, principalArn, actions }, required.includes(step)));
    }
    return lines;
  } catch (error) {
    return untold(isDenied(error) ? `${caller.arn} may not simulate policies` : messageOf(error));
  }
}

/** Actions that are simulated together, since they are needed on the same resources. */
interface Group {
  readonly arns: readonly string[];
  readonly actions: string[];
}

function groupsOf(step: Step, place: Place, { state }: Settings): Group[] {
  const groups = new Map<string, Group>();
  const add = (arns: readonly string[], actions: readonly string[]): void => {
    // a cluster without a key or a role needs no permission for one
    if (arns.length === 0) return;
    const known = groups.get(arns.join());
    if (known === undefined) groups.set(arns.join(), { arns, actions: [...actions] });
    else known.actions.push(...actions);
  };
  for (const { on, action } of PERMISSIONS[step]) {
    add(
      on.flatMap((resource) => arnsOf(resource, place)),
      [action],
    );
  }
  if (state !== undefined && step !== 'plan-repoint') {
    const { onBucket, toRead, toLock, toApply } = S3_STATE_ACTIONS;
    const bucket = `arn:${place.partition}:s3:::${state.s3.bucket}`;
    const states = `${bucket}/${state.s3.prefix}/*`;
    add([bucket], onBucket);
    add([states], step === 'read' ? toRead : [...toRead, ...toApply]);
    add([`${states}.tflock`], toLock);
  }
  return [...groups.values()];
}

/** The restored cluster has no name yet: one as the plan would give it. */
function placeOf({ account, arn }: CallerIdentity, region: string, source: SourceCluster): Place {
  const [, partition = 'aws'] = arn.split(':');
  const [instance] = source.instances;
  const restoredCluster = `${source.identifier}-preflight`;
  const monitoring = source.instances.flatMap(({ monitoring: found }) => found?.roleArn ?? []);
  return {
    partition,
    account,
    region,
    sourceClusters: [source.identifier],
    sourceInstances: [instance?.identifier ?? `${source.identifier}-1`],
    restoredClusters: [restoredCluster],
    restoredInstances: [`${restoredCluster}-1`],
    parameterGroup: source.parameterGroup,
    instanceParameterGroup: instance?.parameterGroup ?? 'default',
    subnetGroup: source.subnetGroup,
    optionGroup: '*',
    snapshots: [`rds:${source.identifier}-preflight`],
    logGroups: [auditLogGroupName(source)],
    keys: source.kmsKeyId === null ? [] : [source.kmsKeyId],
    roles: [...new Set([...source.roles.map((role) => role.arn), ...monitoring])],
    ...{ parameters: ['*'], secrets: ['*'], loginSecrets: ['*'], hostedZones: ['*'], configurations: ['*'] },
    ...{ applicationKeys: [], databaseUsers: [], dnsRecords: [], otherClusters: [], retainedBackups: [] },
  };
}
