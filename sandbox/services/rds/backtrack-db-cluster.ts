import path from 'node:path';
import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { flag, instant } from '../../protocols/query-input';
import { backtrackWindow } from './backtrack-window';
import { clusterNotAvailable, invalidCombination, invalidValue } from './faults';
import { existingIdentifier } from './identifiers';
import type { Backtrack, Cluster } from './model';
import { newResourceId, type RdsState } from './rds-state';
import { isClosed, letListen } from './reachability';
import { renderBacktrack } from './render-backtrack';
import { storageAt } from './restorable-window';

/** Really rewinds: the cluster's server ends, and goes on at the same address with the data of that time. */
export const backtrackDBCluster = operation({
  name: 'BacktrackDBCluster',
  input: z.strictObject({
    DBClusterIdentifier: existingIdentifier,
    BacktrackTo: instant,
    Force: flag.default(false),
    UseEarliestTimeOnPointInTimeUnavailable: flag.default(false),
  }),
  run: (request, state: RdsState) => {
    const cluster = state.cluster(request.DBClusterIdentifier);
    if (cluster.status !== 'available') throw clusterNotAvailable(cluster.identifier, cluster.status);
    const window = backtrackWindow(cluster);
    if (window === undefined) {
      throw invalidCombination(`Backtrack is not enabled for the DB cluster ${cluster.identifier}.`);
    }
    const asked = request.BacktrackTo;
    const late = asked > window.latest;
    if (late || (asked < window.earliest && !request.UseEarliestTimeOnPointInTimeUnavailable)) {
      throw invalidValue(
        `The backtrack time ${asked.toISOString()} is not between ${window.earliest.toISOString()} and ${window.latest.toISOString()}.`,
      );
    }
    const backtrack: Backtrack = {
      identifier: newResourceId('db').slice(3).toLowerCase(),
      to: asked < window.earliest ? window.earliest : asked,
      from: new Date(),
      requestedAt: new Date(),
      status: 'applying',
    };
    cluster.backtracks.push(backtrack);
    rewind(cluster, backtrack, state);
    return renderBacktrack(cluster, backtrack);
  },
});

function rewind(cluster: Cluster, backtrack: Backtrack, state: RdsState): void {
  const before = cluster.database;
  if (before === undefined) throw new Error(`cluster ${cluster.identifier} has no database`);
  cluster.status = 'backtracking';
  const directory = path.join(state.host.directory, `${cluster.resourceId}-${backtrack.identifier}`);
  state.background.run(`rewinding cluster ${cluster.identifier}`, async (pause) => {
    const writer = before.runsFor;
    try {
      await before.runFor(undefined);
      const at = backtrack.to.getTime() * 1000;
      const engine = await storageAt(cluster, at).restoreTo(at, directory, cluster.address);
      const after = state.attachDatabase(cluster, engine);
      if (isClosed(cluster.settings)) await letListen(cluster, state);
      // snapshots and restores to earlier times are still read from it
      state.keep(before);
      cluster.earlier.push(before);
      await pause(state.settings.modifyDelayMs);
      await after.runFor(writer);
      backtrack.status = 'completed';
    } catch (error) {
      backtrack.status = 'failed';
      await before.runFor(writer);
      throw error;
    } finally {
      cluster.status = 'available';
    }
  });
}
