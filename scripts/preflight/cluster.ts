import { messageOf } from '../../lib/errors';
import { fetchLogGroup } from '../../lib/plan/log-groups';
import { auditLogGroupName, checkLogGroup } from '../../lib/plan/log-readiness';
import { checkExpectedPlace } from '../../lib/plan/place-readiness';
import { RdsReader } from '../../lib/plan/rds';
import { checkReadiness } from '../../lib/plan/readiness';
import type { ReadinessLine } from '../../lib/plan/readiness-line';
import type { SourceCluster } from '../../lib/plan/source-cluster';
import { fetchCallerIdentity } from '../../lib/plan/sts';
import type { Settings } from '../../lib/settings';
import { microsFromMillis } from '../../lib/time';
import { checkStepPermissions } from './permissions';
import type { Step } from '../../lib/plan/actions';
import { failed } from './terraform';

/** Whether the cluster, its log and the caller's permissions are ready for the day. */
export async function checkCluster(
  identifier: string,
  settings: Settings,
  required: readonly Step[],
): Promise<ReadinessLine[]> {
  const rds = new RdsReader();
  const lines: ReadinessLine[] = [];
  try {
    const [caller, region] = await Promise.all([fetchCallerIdentity(), rds.region()]);
    lines.push(checkExpectedPlace({ ...caller, region }, settings));
    const found = await rds.fetchCluster(identifier);
    if (!found.ok) return [...lines, failed('cluster', found.refusal)];
    const source = found.value;
    const now = microsFromMillis(Date.now());
    const parameters = await rds.fetchClusterParameters(source.parameterGroup);
    const pending = await rds.fetchPendingReboots(source.identifier);
    lines.push(...checkReadiness(source, parameters, now, settings.readiness, pending));
    lines.push(...(await checkLog(source)));
    lines.push(...(await checkStepPermissions(caller, region, source, settings, required)));
    return lines;
  } catch (error) {
    return [
      ...lines,
      failed('AWS', {
        reason: 'unreachable',
        message: messageOf(error),
        hint: 'set AWS_REGION and credentials (such as AWS_PROFILE) that may describe RDS clusters',
      }),
    ];
  }
}

async function checkLog(source: SourceCluster): Promise<ReadinessLine[]> {
  try {
    const group = await fetchLogGroup(auditLogGroupName(source));
    return checkLogGroup(source, group, microsFromMillis(Date.now()));
  } catch (error) {
    return [
      failed('log group', {
        reason: 'unreadable',
        message: `${auditLogGroupName(source)} cannot be read: ${messageOf(error)}`,
        hint: 'allow logs:DescribeLogGroups and logs:DescribeLogStreams to these credentials',
      }),
    ];
  }
}
