import { AwsError } from '../../protocols/operation';
import type { RdsState } from './rds-state';

/** What an account and region may have unless AWS raises it. Source: "Quotas and constraints for Amazon Aurora" */
const CLUSTERS = 40;
const INSTANCES = 40;
const MANUAL_SNAPSHOTS = 100;

/** @throws AwsError where there is no room for one more cluster */
export function checkClusterQuota({ clusters }: RdsState): void {
  if (clusters.size < CLUSTERS) return;
  throw new AwsError('DBClusterQuotaExceededFault', 'DB Cluster quota exceeded', 403);
}

/** @throws AwsError where there is no room for one more instance */
export function checkInstanceQuota({ instances }: RdsState): void {
  if (instances.size < INSTANCES) return;
  throw new AwsError('InstanceQuotaExceeded', 'DB Instance quota exceeded');
}

/** @throws AwsError where there is no room for one more manual snapshot */
export function checkSnapshotQuota({ snapshots }: RdsState): void {
  const manual = [...snapshots.values()].filter(({ type }) => type === 'manual');
  if (manual.length < MANUAL_SNAPSHOTS) return;
  throw new AwsError('SnapshotQuotaExceeded', 'Manual DB cluster snapshot quota exceeded');
}
