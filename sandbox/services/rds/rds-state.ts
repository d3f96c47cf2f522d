import { randomBytes } from 'node:crypto';
import type { Address, AuditLine, DatabaseCluster } from '../../engines/database-cluster';
import { auditLogOf, type AuditLog } from './audit-logs';
import { Background } from './background';
import type { RetainedBackup, Snapshot } from './backups';
import { ClusterDatabase } from './cluster-database';
import { clusterNotFound, instanceNotFound, snapshotNotFound } from './faults';
import {
  clusterParameterGroupNotFound,
  Groups,
  parameterGroupNotFound,
  subnetGroupNotFound,
  type ParameterGroup,
  type SubnetGroup,
} from './groups';
import type { Cluster, Instance } from './model';
import { defaultGroupOf, families } from './parameter-families';
import { renderCluster } from './render-cluster';
import { renderInstance } from './render-instance';

export interface RdsSettings {
  readonly accountId: string;
  readonly region: string;
  readonly createDelayMs: number;
  readonly modifyDelayMs: number;
  readonly deleteDelayMs: number;
  readonly restorableLagMs: number;
}

/** What RDS needs of the machine that it runs on. */
export interface RdsHost {
  /** Folder under which each cluster's storage gets a folder of its own. */
  readonly directory: string;
  /** A loopback address of its own with this port free, or with any port. */
  allocateAddress(port?: number): Promise<Address>;
  /** For what goes wrong after a call was answered. */
  say(line: string): void;
  /** Called with each line that a cluster's exported log of this name gains. */
  onAuditLine(cluster: string, instance: string, line: AuditLine, log: AuditLog): void;
}

/** Every cluster, instance and group of the account. */
export class RdsState {
  readonly clusters = new Map<string, Cluster>();
  readonly instances = new Map<string, Instance>();
  readonly snapshots = new Map<string, Snapshot>();
  /** By the resource id of the deleted cluster. */
  readonly retainedBackups = new Map<string, RetainedBackup>();
  /** Storage that no cluster has any more, and that backups are still read from. */
  private readonly kept = new Set<ClusterDatabase>();
  readonly clusterParameterGroups = new Groups<ParameterGroup>(clusterParameterGroupNotFound);
  readonly parameterGroups = new Groups<ParameterGroup>(parameterGroupNotFound);
  readonly subnetGroups = new Groups<SubnetGroup>(subnetGroupNotFound);
  /** The VPC's default group, one that lets nobody in, and what source clusters were given. */
  readonly securityGroups = new Set<string>([DEFAULT_SECURITY_GROUP, CLOSED_SECURITY_GROUP]);
  /** The endpoint of every name that a cluster has or had: a name that is given to another cluster leads there. */
  private readonly endpoints = new Map<string, Address>();
  readonly background: Background;
  readonly defaultKmsKey: string;

  constructor(
    readonly settings: RdsSettings,
    readonly host: RdsHost,
  ) {
    this.background = new Background((what, error) => {
      host.say(`${what} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    });
    this.defaultKmsKey = `arn:aws:kms:${settings.region}:${settings.accountId}:key/00000000-0000-4000-8000-000000000d11`;
    this.subnetGroups.add({ name: 'default', description: 'default', tags: new Map() });
    for (const family of families) {
      for (const groups of [this.clusterParameterGroups, this.parameterGroups]) {
        groups.add({
          name: defaultGroupOf(family),
          family,
          description: `Default parameter group for ${family}`,
          tags: new Map(),
          parameters: new Map(),
        });
      }
    }
  }

  /** @throws AwsError where there is none */
  cluster(identifier: string): Cluster {
    const cluster = this.clusters.get(identifier);
    if (cluster === undefined) throw clusterNotFound(identifier);
    return cluster;
  }

  /** @throws AwsError where there is none */
  instance(identifier: string): Instance {
    const instance = this.instances.get(identifier);
    if (instance === undefined) throw instanceNotFound(identifier);
    return instance;
  }

  /** Remembers the endpoint of a name, for whichever cluster bears it later. */
  keepEndpoint({ identifier, address }: Pick<Cluster, 'identifier' | 'address'>): void {
    this.endpoints.set(identifier, address);
  }

  /** The endpoint that a cluster of this name and port has; a new one where there was none before. */
  async endpointOf(identifier: string, port: number): Promise<Address> {
    const kept = this.endpoints.get(identifier);
    return kept?.port === port ? kept : this.host.allocateAddress(port);
  }

  /** @throws AwsError where there is none */
  snapshot(identifier: string): Snapshot {
    const snapshot = this.snapshots.get(identifier);
    if (snapshot === undefined) throw snapshotNotFound(identifier);
    return snapshot;
  }

  /** Leaves a database's storage in place until `release`, or the end of the sandbox; its server has ended. */
  keep(database: ClusterDatabase): void {
    this.kept.add(database);
  }

  /** Removes storage that was kept, unless a snapshot or retained backup is still read from it. */
  async release(database: ClusterDatabase): Promise<void> {
    const read = [
      ...[...this.snapshots.values()].map((snapshot) => snapshot.database),
      ...[...this.retainedBackups.values()].flatMap((backup) => [...backup.earlier, backup.database]),
      ...[...this.clusters.values()].flatMap(({ earlier }) => earlier),
    ];
    if (!this.kept.has(database) || read.includes(database)) return;
    this.kept.delete(database);
    await database.destroy();
  }

  /** Of a cluster by its resource id, also after its end. */
  automatedSnapshotsOf(resourceId: string): Snapshot[] {
    return [...this.snapshots.values()].filter(
      ({ type, cluster }) => type === 'automated' && cluster.resourceId === resourceId,
    );
  }

  /** In the order of their creation. */
  instancesOf(cluster: Cluster): Instance[] {
    return [...this.instances.values()].filter((instance) => instance.cluster === cluster);
  }

  arn(kind: string, name: string): string {
    return `arn:aws:rds:${this.settings.region}:${this.settings.accountId}:${kind}:${name}`;
  }

  /** Puts a database behind a cluster; its audit lines are exported while the cluster's settings say so. */
  attachDatabase(cluster: Cluster, engine: DatabaseCluster): ClusterDatabase {
    const database = new ClusterDatabase(engine);
    cluster.database = database;
    const log = auditLogOf(cluster.engine);
    engine.onAuditLine((line) => {
      const instance = this.instancesOf(cluster).find(({ isWriter }) => isWriter);
      if (instance !== undefined && cluster.settings.logExports.includes(log)) {
        this.host.onAuditLine(cluster.identifier, instance.identifier, line, log);
      }
    });
    return database;
  }

  renderCluster(cluster: Cluster): object {
    return renderCluster(cluster, this.instancesOf(cluster), this.settings);
  }

  renderInstance(instance: Instance): object {
    return renderInstance(instance, this.subnetGroups.get(instance.cluster.subnetGroup), this.settings);
  }

  /** Stops every server and removes every storage. */
  async close(): Promise<void> {
    await this.background.close();
    const databases = [...this.kept, ...[...this.clusters.values()].map(({ database }) => database)];
    await Promise.all(databases.map(async (database) => database?.destroy()));
  }
}

export const DEFAULT_SECURITY_GROUP = 'sg-0000000000000d111';
/** Has no rule: a cluster that has this group alone cannot be reached. */
export const CLOSED_SECURITY_GROUP = 'sg-0000000000000c105';

/** `cluster-` or `db-` and 26 letters and digits, as RDS makes them. */
export function newResourceId(prefix: 'cluster' | 'db'): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return `${prefix}-${[...randomBytes(26)].map((byte) => letters[byte % letters.length] ?? '').join('')}`;
}
