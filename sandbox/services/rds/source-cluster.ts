import path from 'node:path';
import type { DatabaseEngine } from '../../engines/database-cluster';
import { auditLogOf } from './audit-logs';
import { newIdentifier } from './identifiers';
import type { Cluster, ClusterSettings } from './model';
import { addInstance, defaultInstanceSettings } from './new-instance';
import { familyOf } from './parameter-families';
import { newResourceId, type RdsState } from './rds-state';

export interface SourceClusterOptions {
  readonly identifier: string;
  /** Identifiers of its instances, the writer first; at least one. */
  readonly instances: readonly string[];
  readonly engine: DatabaseEngine;
  readonly masterUsername: string;
  readonly masterPassword: string;
  readonly settings?: Partial<ClusterSettings>;
}

/** As an engineer would have set up a production cluster: nothing of it is the default that a bare restore falls back to. */
const AUDITED = {
  'aurora-mysql': {
    binlog_format: 'ROW',
    server_audit_events: 'CONNECT,QUERY,TABLE',
    server_audit_logging: '1',
    server_audit_logs_upload: '1',
  },
  'aurora-postgresql': {
    log_connections: '1',
    log_disconnections: '1',
    'pgaudit.log': 'write,ddl,misc',
    shared_preload_libraries: 'pg_stat_statements,pgaudit',
  },
};

/**
 * Makes a cluster that is there and at work from the start, with groups of its own; its database is empty.
 * @throws Error where the identifier is taken or none that RDS accepts
 */
export async function createSourceCluster(options: SourceClusterOptions, state: RdsState): Promise<Cluster> {
  const { engine } = options;
  const identifier = newIdentifier('DBClusterIdentifier').parse(options.identifier);
  if (state.clusters.has(identifier)) throw new Error(`there is a cluster '${identifier}' already`);
  const groups = addGroups(options, state);
  const resourceId = newResourceId('cluster');
  const address = await addressOf(state, engine.engine === 'aurora-mysql' ? 3306 : 5432);
  const cluster: Cluster = {
    identifier,
    resourceId,
    arn: state.arn('cluster', identifier),
    createdAt: new Date(),
    engine: engine.engine,
    engineVersion: engine.engineVersion,
    address,
    masterUsername: options.masterUsername,
    databaseName: undefined,
    subnetGroup: groups.subnetGroup,
    kmsKeyId: state.defaultKmsKey,
    tags: new Map([
      ['Name', identifier],
      ['environment', 'production'],
    ]),
    roles: new Map(),
    settings: {
      parameterGroup: groups.clusterParameterGroup,
      securityGroupIds: [groups.securityGroup],
      backupRetentionPeriod: 7,
      preferredBackupWindow: '02:00-02:30',
      preferredMaintenanceWindow: 'sun:03:00-sun:03:30',
      logExports: [auditLogOf(engine.engine)],
      iamAuthentication: false,
      deletionProtection: true,
      copyTagsToSnapshot: true,
      backtrackWindowSeconds: 0,
      serverlessV2Scaling: undefined,
      ...options.settings,
    },
    status: 'available',
    database: undefined,
    earlier: [],
    backtracks: [],
  };
  state.clusters.set(identifier, cluster);
  state.keepEndpoint(cluster);
  const database = state.attachDatabase(
    cluster,
    await engine.createCluster({
      directory: path.join(state.host.directory, resourceId),
      address,
      masterUsername: options.masterUsername,
      masterPassword: options.masterPassword,
    }),
  );
  for (const [tier, name] of options.instances.entries()) {
    const settings = {
      ...defaultInstanceSettings(cluster),
      parameterGroup: groups.parameterGroup,
      promotionTier: tier,
      copyTagsToSnapshot: true,
    };
    const tags = new Map([['Name', name]]);
    addInstance({ identifier: name, tags, settings }, cluster, state).status = 'available';
  }
  await database.runFor(options.instances[0]);
  return cluster;
}

function addGroups(
  { identifier, engine }: SourceClusterOptions,
  state: RdsState,
): { clusterParameterGroup: string; parameterGroup: string; subnetGroup: string; securityGroup: string } {
  const family = familyOf(engine.engine);
  const names = {
    clusterParameterGroup: `${identifier}-cluster-parameters`,
    parameterGroup: `${identifier}-parameters`,
    subnetGroup: `${identifier}-subnets`,
    securityGroup: `sg-${Buffer.from(identifier).toString('hex').padStart(17, '0').slice(-17)}`,
  };
  state.clusterParameterGroups.add({
    name: names.clusterParameterGroup,
    family,
    description: `parameters of cluster ${identifier}, audit logging on`,
    tags: new Map(),
    parameters: new Map(Object.entries(AUDITED[engine.engine])),
  });
  state.parameterGroups.add({
    name: names.parameterGroup,
    family,
    description: `parameters of the instances of ${identifier}`,
    tags: new Map(),
    parameters: new Map(),
  });
  state.subnetGroups.add({
    name: names.subnetGroup,
    description: `subnets of ${identifier}`,
    tags: new Map(),
  });
  state.securityGroups.add(names.securityGroup);
  return names;
}

/** The engine's usual port, unless something on this machine holds it on every address. */
async function addressOf(
  { host }: RdsState,
  usualPort: number,
): Promise<Awaited<ReturnType<RdsState['host']['allocateAddress']>>> {
  return host.allocateAddress(usualPort).catch(() => host.allocateAddress());
}
