import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { flag } from '../../protocols/query-input';
import { instanceNotAvailable, invalidCombination } from './faults';
import { existingIdentifier } from './identifiers';
import type { RdsState } from './rds-state';

/** The server of a writer really shuts down and starts again, which cuts its sessions; a reader has none of its own. */
export const rebootDBInstance = operation({
  name: 'RebootDBInstance',
  input: z.strictObject({ DBInstanceIdentifier: existingIdentifier, ForceFailover: flag.default(false) }),
  run: (request, state: RdsState) => {
    const instance = state.instance(request.DBInstanceIdentifier);
    if (instance.status !== 'available') throw instanceNotAvailable(instance.identifier, instance.status);
    if (request.ForceFailover) {
      throw invalidCombination(
        'ForceFailover is not for an instance of a DB cluster: use FailoverDBCluster.',
      );
    }
    instance.status = 'rebooting';
    state.background.run(`rebooting instance ${instance.identifier}`, async (pause) => {
      try {
        if (instance.isWriter) await instance.cluster.database?.restart();
        await pause(state.settings.modifyDelayMs);
      } finally {
        if (instance.status === 'rebooting') instance.status = 'available';
      }
    });
    return { DBInstance: state.renderInstance(instance) };
  },
});
