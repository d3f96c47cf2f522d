import {
  BacktrackDBClusterCommand,
  DescribeDBClusterBacktracksCommand,
  RDSClient,
  type DBClusterBacktrack,
} from '@aws-sdk/client-rds';
import type { EpochMicros } from '../time';
import type { PlannedBacktrack } from './backtrack';
import { required, toInstant } from './rds';

/** One rewind of a cluster, as RDS shows it. */
export interface Backtrack {
  readonly identifier: string;
  /** AWS's word: `pending`, `applying`, `completed` or `failed`. */
  readonly status: string;
  /** Where it landed: RDS takes the nearest time that is consistent. */
  readonly to: EpochMicros | null;
}

/** Rewinds a cluster in place. Everything else in this room reads only. */
export class Backtracker {
  constructor(private readonly client: RDSClient = new RDSClient({})) {}

  /** `force`: also where binary logging is on, which ends at the rewind for whoever reads it. */
  async start({ clusterIdentifier, to }: PlannedBacktrack, force: boolean): Promise<Backtrack> {
    const started = await this.client.send(
      new BacktrackDBClusterCommand({
        DBClusterIdentifier: clusterIdentifier,
        BacktrackTo: new Date(to / 1000),
        ...(force ? { Force: true } : {}),
      }),
    );
    return toBacktrack(started);
  }

  async fetch(clusterIdentifier: string, identifier: string): Promise<Backtrack> {
    const { DBClusterBacktracks: found = [] } = await this.client.send(
      new DescribeDBClusterBacktracksCommand({
        DBClusterIdentifier: clusterIdentifier,
        BacktrackIdentifier: identifier,
      }),
    );
    return toBacktrack(required(found[0], 'DBClusterBacktracks[0]'));
  }
}

function toBacktrack(backtrack: DBClusterBacktrack): Backtrack {
  return {
    identifier: required(backtrack.BacktrackIdentifier, 'BacktrackIdentifier'),
    status: required(backtrack.Status, 'Status').toLowerCase(),
    to: toInstant(backtrack.BacktrackTo),
  };
}
