import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { flag } from '../../protocols/query-input';
import { instanceNotAvailable } from './faults';
import { existingIdentifier, newIdentifier } from './identifiers';
import { instanceSettings, instanceSettingsInput } from './instance-settings-input';
import type { RdsState } from './rds-state';
import { renameInstance } from './rename';

/** Every change applies at once, whether ApplyImmediately says so or not: there is no maintenance window to wait for. */
export const modifyDBInstance = operation({
  name: 'ModifyDBInstance',
  input: z.strictObject({
    DBInstanceIdentifier: existingIdentifier,
    NewDBInstanceIdentifier: newIdentifier('NewDBInstanceIdentifier').optional(),
    ApplyImmediately: flag.optional(),
    ...instanceSettingsInput,
    DBInstanceClass: instanceSettingsInput.DBInstanceClass.optional(),
  }),
  run: (request, state: RdsState) => {
    const instance = state.instance(request.DBInstanceIdentifier);
    if (instance.status !== 'available') {
      throw instanceNotAvailable(instance.identifier, instance.status);
    }
    instance.settings = instanceSettings(request, instance.settings, instance.cluster.engine, state);
    const { NewDBInstanceIdentifier: to } = request;
    if (to !== undefined && to !== instance.identifier) {
      renameInstance(instance, to, state);
      return { DBInstance: state.renderInstance(instance) };
    }
    instance.status = 'modifying';
    state.background.run(`modifying instance ${instance.identifier}`, async (pause) => {
      await pause(state.settings.modifyDelayMs);
      if (instance.status === 'modifying') instance.status = 'available';
    });
    return { DBInstance: state.renderInstance(instance) };
  },
});
