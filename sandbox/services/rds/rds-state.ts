import { randomBytes } from 'node:crypto';
import type { Address, AuditLine, DatabaseCluster } from '../../engines/database-cluster';
import { Background } from './background';
import { ClusterDatabase } from './cluster-database';
import { clusterNotFound, instanceNotFound } from './faults';
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
  /** Called with each line that a cluster's exported audit log gains. */
  onAuditLine(cluster: string, instance: string, line: AuditLine): void;
}

/** Every cluster, instance and group of the account. */
export class RdsState {
  readonly clusters = new Map<string, Cluster>();
  readonly instances = new Map<string, Instance>();
  readonly clusterParameterGroups = new Groups<ParameterGroup>(clusterParameterGroupNotFound);
  readonly parameterGroups = new Groups<ParameterGroup>(parameterGroupNotFound);
  readonly subnetGroups = new Groups<SubnetGroup>(subnetGroupNotFound);
  /** The VPC's default group, and what source clusters were given. */
  readonly securityGroups = new Set<string>([DEFAULT_SECURITY_GROUP]);
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
    engine.onAuditLine((line) => {
      const instance = this.instancesOf(cluster).find(({ isWriter }) => isWriter);
      if (instance !== undefined && cluster.settings.logExports.includes('audit')) {
        this.host.onAuditLine(cluster.identifier, instance.identifier, line);
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
    const databases = [...this.clusters.values()].map(({ database }) => database);
    await Promise.all(databases.map(async (database) => database?.destroy()));
  }
}

export const DEFAULT_SECURITY_GROUP = 'sg-0000000000000d111';

/** `cluster-` or `db-` and 26 letters and digits, as RDS makes them. */
export function newResourceId(prefix: 'cluster' | 'db'): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return `${prefix}-${[...randomBytes(26)].map((byte) => letters[byte % letters.length] ?? '').join('')}`;
}
