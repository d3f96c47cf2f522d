import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { automatedBackupNotFound } from './faults';
import { existingIdentifier } from './identifiers';
import type { RdsState } from './rds-state';
import { renderBackup } from './render-snapshot';
import { restorableWindow } from './restorable-window';
import { select, selectionInput } from './selection';

export const describeDBClusterAutomatedBackups = operation({
  name: 'DescribeDBClusterAutomatedBackups',
  input: z.strictObject({
    DbClusterResourceId: z.string().optional(),
    DBClusterIdentifier: existingIdentifier.optional(),
    ...selectionInput,
  }),
  run: (request, state: RdsState) => {
    const { DbClusterResourceId: resourceId, DBClusterIdentifier: identifier } = request;
    const living = [...state.clusters.values()].map((cluster) => ({
      cluster,
      status: 'active' as const,
      window: restorableWindow(cluster, state.settings.restorableLagMs),
    }));
    const retained = [...state.retainedBackups.values()].map(({ cluster, window }) => ({
      cluster,
      status: 'retained' as const,
      window,
    }));
    const found = [...living, ...retained].filter(
      ({ cluster }) =>
        (resourceId === undefined || cluster.resourceId === resourceId) &&
        (identifier === undefined || cluster.identifier === identifier),
    );
    if (found.length === 0 && resourceId !== undefined) {
      throw automatedBackupNotFound(resourceId);
    }
    const { page, Marker } = select(found, request, ({ cluster }) => cluster.resourceId, {
      status: ({ status }) => [status],
      'db-cluster-id': ({ cluster }) => [cluster.identifier, cluster.arn],
      'db-cluster-resource-id': ({ cluster }) => [cluster.resourceId],
    });
    return {
      Marker,
      DBClusterAutomatedBackups: page.map(({ cluster, window, status }) =>
        renderBackup(cluster, window, status, state.settings),
      ),
    };
  },
});
