import { rdsService } from '../../../../sandbox/services/rds/rds-service';
import { RdsState } from '../../../../sandbox/services/rds/rds-state';
import { createSourceCluster } from '../../../../sandbox/services/rds/source-cluster';
import { FakeEngine, type FakeDatabase } from './fake-engine';

export interface RdsBench {
  readonly state: RdsState;
  readonly source: FakeDatabase;
  /** What was said of failures after a call was answered. */
  readonly said: string[];
  readonly auditLines: string[];
  /** Calls an operation as it arrives over the wire: every value a text. */
  call(operation: string, input?: object): Promise<Record<string, unknown>>;
}

/** RDS over fake databases with cluster `trading` of two instances; time is jest's, at 2026-01-02T00:00:00Z. */
export async function openRdsBench(): Promise<RdsBench> {
  jest.useFakeTimers({ now: new Date('2026-01-02T00:00:00Z') });
  const said: string[] = [];
  const auditLines: string[] = [];
  let addresses = 0;
  const state = new RdsState(
    {
      accountId: '000000000000',
      region: 'us-east-2',
      createDelayMs: 3000,
      modifyDelayMs: 2000,
      deleteDelayMs: 2000,
      restorableLagMs: 5000,
    },
    {
      directory: '/nowhere',
      allocateAddress: (port = 3306) => Promise.resolve({ host: `127.1.0.${++addresses}`, port }),
      say: (line) => said.push(line),
      onAuditLine: (cluster, instance, { text }) => auditLines.push(`${cluster} ${instance} ${text}`),
    },
  );
  const engine = new FakeEngine();
  await createSourceCluster(
    {
      identifier: 'trading',
      instances: ['trading-1', 'trading-2'],
      engine,
      masterUsername: 'admin',
      masterPassword: 'secret',
    },
    state,
  );
  const service = rdsService(state);
  const source = engine.databases[0];
  if (source === undefined) throw new Error('the source cluster has no database');
  return {
    state,
    source,
    said,
    auditLines,
    call: async (operation, input = {}) =>
      (await service.invoke(operation, input)) as Record<string, unknown>,
  };
}

/** Lets time pass, and everything happen that was due. */
export async function pass(ms: number): Promise<void> {
  await jest.advanceTimersByTimeAsync(ms);
}

export function awsError(code: string, message = ''): unknown {
  return expect.objectContaining({ code, message: expect.stringContaining(message) as string });
}

/** The cluster as DescribeDBClusters tells it. */
export async function clusterNow(bench: RdsBench, identifier = 'trading'): Promise<Record<string, unknown>> {
  const { DBClusters } = await bench.call('DescribeDBClusters', { DBClusterIdentifier: identifier });
  return (DBClusters as Record<string, unknown>[])[0] ?? {};
}

/** The instance as DescribeDBInstances tells it. */
export async function instanceNow(bench: RdsBench, identifier: string): Promise<Record<string, unknown>> {
  const { DBInstances } = await bench.call('DescribeDBInstances', { DBInstanceIdentifier: identifier });
  return (DBInstances as Record<string, unknown>[])[0] ?? {};
}

/** Restores `trading` to its latest restorable time and waits until the copy is available. */
export async function restoreCopy(bench: RdsBench, identifier = 'copy'): Promise<void> {
  await pass(10_000);
  await bench.call('RestoreDBClusterToPointInTime', {
    DBClusterIdentifier: identifier,
    SourceDBClusterIdentifier: 'trading',
    UseLatestRestorableTime: 'true',
  });
  await pass(3000);
}
