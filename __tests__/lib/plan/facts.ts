import { ARTEFACTS } from '../../../lib/artefacts/artefact';
import type { Incident } from '../../../lib/artefacts/incident';
import type { PlannedCluster, RestorePlan } from '../../../lib/artefacts/restore-plan';
import { valueOf } from '../../../lib/errors';
import type { BackedUpCluster, ClusterSnapshot, RetainedBackup } from '../../../lib/plan/backups';
import { deletedSource } from '../../../lib/plan/deleted-source';
import {
  planRestore,
  type PlanFacts,
  type PlanWishes,
  type RestorePlanBody,
} from '../../../lib/plan/plan-restore';
import type { SourceCluster, SourceInstance } from '../../../lib/plan/source-cluster';
import { formatInstant, microsFromMillis, parseInstant, type EpochMicros } from '../../../lib/time';

/** A production cluster with every setting away from RDS's default, so that a dropped one shows. */
export function sourceCluster(over: Partial<SourceCluster> = {}): SourceCluster {
  return {
    identifier: 'trading',
    resourceId: 'cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    arn: 'arn:aws:rds:eu-central-1:123456789012:cluster:trading',
    status: 'available',
    deleted: false,
    engine: 'aurora-mysql',
    engineVersion: '8.0.mysql_aurora.3.08.2',
    engineMode: 'provisioned',
    endpoint: 'trading.cluster-c9akciq32rgf.eu-central-1.rds.amazonaws.com',
    readerEndpoint: 'trading.cluster-ro-c9akciq32rgf.eu-central-1.rds.amazonaws.com',
    customEndpoints: [],
    port: 3307,
    parameterGroup: 'trading-cluster',
    subnetGroup: 'databases',
    securityGroupIds: ['sg-0a1b2c3d4e5f60718'],
    kmsKeyId: 'arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    iamAuthentication: true,
    logExports: ['audit', 'error'],
    roles: [],
    networkType: 'IPV4',
    storageType: 'aurora-iopt1',
    backtrackWindowSeconds: 0,
    earliestBacktrackAt: null,
    serverlessV2: null,
    backupRetentionDays: 7,
    copyTagsToSnapshot: true,
    deletionProtection: true,
    managedMasterPassword: false,
    dataApi: false,
    activityStream: false,
    domain: null,
    globalClusterIdentifier: null,
    notRestored: {},
    backupWindow: '01:30-02:00',
    maintenanceWindow: 'sun:03:00-sun:03:30',
    tags: { team: 'trading', 'aws:cloudformation:stack-name': 'trading' },
    earliestRestorableAt: at('2026-01-01T00:00:00Z'),
    latestRestorableAt: at('2026-01-08T10:25:00Z'),
    instances: [
      sourceInstance({ identifier: 'trading-a', isWriter: true }),
      sourceInstance({ identifier: 'trading-b', promotionTier: 2 }),
    ],
    ...over,
  };
}

export function sourceInstance(over: Partial<SourceInstance> = {}): SourceInstance {
  return {
    identifier: 'trading-a',
    isWriter: false,
    instanceClass: 'db.r7g.2xlarge',
    parameterGroup: 'trading-instance',
    promotionTier: 0,
    caCertificate: 'rds-ca-rsa2048-g1',
    autoMinorVersionUpgrade: false,
    copyTagsToSnapshot: true,
    publiclyAccessible: false,
    monitoring: { intervalSeconds: 30, roleArn: 'arn:aws:iam::123456789012:role/rds-monitoring' },
    performanceInsights: { kmsKeyId: null, retentionDays: 31 },
    maintenanceWindow: null,
    availabilityZone: null,
    tags: { team: 'trading' },
    ...over,
  };
}

export function planFacts(over: Partial<PlanFacts> = {}): PlanFacts {
  return {
    drill: '2026-01-08-accounts',
    incident: {
      cluster: 'trading',
      restoreTo: '2026-01-08T10:12:13Z',
      effect: {
        earliestAt: '2026-01-08T10:12:13.600000Z',
        latestAt: '2026-01-08T10:12:14.600000Z',
        basis: 'the COMMIT of its transaction',
      },
    },
    incidentSha256: 'a'.repeat(64),
    account: '123456789012',
    region: 'eu-central-1',
    source: sourceCluster(),
    taken: { clusters: new Set(['trading']), instances: new Set(['trading-a', 'trading-b']) },
    now: at('2026-01-08T10:30:00Z'),
    ...over,
  };
}

export function planWishes(over: Partial<PlanWishes> = {}): PlanWishes {
  return {
    instances: { count: undefined, instanceClass: undefined },
    clusterIdentifier: undefined,
    validForMs: 3 * 86_400_000,
    acceptUnencrypted: true,
    ...over,
  };
}

export function at(text: string): EpochMicros {
  return valueOf(parseInstant(text));
}

/** The whole plan of these facts. */
export function planned(over: Partial<PlanFacts> = {}, wishes: Partial<PlanWishes> = {}): RestorePlanBody {
  return valueOf(planRestore(planFacts({ drill: 'd', ...over }), planWishes(wishes)));
}

/** The same as an artefact; `cluster` changes its first cluster. */
export function restorePlan(
  over: Partial<PlanFacts> = {},
  wishes: Partial<PlanWishes> = {},
  cluster: Partial<PlannedCluster> = {},
): RestorePlan {
  const { clusters, ...plan } = planned(over, wishes);
  const [first, ...further] = clusters;
  return {
    schemaVersion: ARTEFACTS.restorePlan.version,
    ...plan,
    clusters: [{ ...first, ...cluster }, ...further],
  };
}

/** A second cluster, which is restored beside the damaged one. */
export function ledgerCluster(over: Partial<SourceCluster> = {}): SourceCluster {
  return sourceCluster({
    identifier: 'ledger',
    resourceId: 'cluster-LEDGERLEDGERLEDGERLEDGER',
    arn: 'arn:aws:rds:eu-central-1:123456789012:cluster:ledger',
    endpoint: 'ledger.cluster-c9akciq32rgf.eu-central-1.rds.amazonaws.com',
    readerEndpoint: 'ledger.cluster-ro-c9akciq32rgf.eu-central-1.rds.amazonaws.com',
    parameterGroup: 'ledger-cluster',
    kmsKeyId: 'arn:aws:kms:eu-central-1:123456789012:key/ffffffff-12ab-34cd-56ef-1234567890ab',
    securityGroupIds: ['sg-0fffffffffffffff0'],
    tags: { team: 'ledger' },
    instances: [sourceInstance({ identifier: 'ledger-a', isWriter: true, instanceClass: 'db.r7g.large' })],
    ...over,
  });
}

/** The nightly snapshot of the damaged cluster, from the day before. */
export function snapshot(over: Partial<ClusterSnapshot> = {}): ClusterSnapshot {
  return {
    identifier: 'nightly',
    arn: 'arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:nightly',
    type: 'manual',
    status: 'available',
    createdAt: at('2026-01-07T03:10:00Z'),
    cluster: backedUpCluster(),
    ...over,
  };
}

/** What is left of the damaged cluster where that was deleted. */
export function retainedBackup(over: Partial<RetainedBackup> = {}): RetainedBackup {
  return {
    status: 'retained',
    earliestRestorableAt: at('2026-01-01T00:00:00Z'),
    latestRestorableAt: at('2026-01-08T10:25:00Z'),
    backupRetentionDays: 7,
    cluster: backedUpCluster(),
    ...over,
  };
}

export function backedUpCluster(over: Partial<BackedUpCluster> = {}): BackedUpCluster {
  const { identifier, resourceId, arn, engine, engineVersion, engineMode, port, kmsKeyId, tags } =
    sourceCluster();
  return {
    ...{ identifier, resourceId, arn, engine, engineVersion, engineMode, port, kmsKeyId, tags },
    iamAuthentication: true,
    storageType: 'aurora-iopt1',
    ...over,
  };
}

/** A plan whose restore point has left the window, so that it goes by the nightly snapshot. */
export function snapshotPlan(over: Partial<PlanFacts> = {}): RestorePlan {
  const source = sourceCluster({ earliestRestorableAt: at('2026-01-08T10:20:00Z') });
  return restorePlan({ source, snapshots: [snapshot()], ...over });
}

export const CHOICES = {
  subnetGroup: 'databases',
  securityGroupIds: ['sg-0a1b2c3d4e5f60718'],
  parameterGroup: 'trading-cluster',
  instanceParameterGroup: 'trading-instance',
};

/** A plan of a cluster that is deleted, by its retained backups and a person's choices. */
export function deletedPlan(): RestorePlan {
  const source = valueOf(deletedSource(backedUpCluster(), retainedBackup(), CHOICES, 'db.r7g.large'));
  return restorePlan({ source }, { choices: CHOICES });
}

/** An incident of a DELETE without WHERE that took effect within the second after `restoreTo`. */
export function incident(restoreTo: string, cluster = 'trading'): Omit<Incident, 'schemaVersion'> {
  const none = { transactions: 0, statements: 0, firstAt: null, lastAt: null, groups: [] };
  const after = (ms: number): string => formatInstant(microsFromMillis(Date.parse(restoreTo) + ms));
  return {
    madeAt: after(60_000),
    cluster,
    dialect: 'aurora-mysql',
    statement: {
      executedAt: after(1600),
      recordedAt: null,
      connectionId: '7',
      queryId: '42',
      serverHost: 'trading-a',
      user: 'app',
      host: '10.0.0.1',
      database: 'trading',
      sql: 'DELETE FROM accounts',
      kind: 'delete-without-where',
      tables: ['trading.accounts'],
    },
    transaction: { kind: 'autocommit', beganAt: null, committedAt: after(1600) },
    effect: { earliestAt: after(600), latestAt: after(1600), basis: 'the stamp of the statement' },
    restoreTo,
    recordTime: null,
    lostWrites: { beforeEffect: none, afterEffect: none },
    candidates: [],
    coverage: {
      source: 'file',
      since: null,
      until: null,
      completeUntil: null,
      records: 1,
      unparsed: 0,
      serverHosts: ['trading-a'],
      warnings: [],
    },
  };
}
