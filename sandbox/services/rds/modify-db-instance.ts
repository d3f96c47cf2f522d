import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import { flag } from '../../protocols/query-input';
import { existingIdentifier } from './identifiers';
import { instanceSettings, instanceSettingsInput } from './instance-settings-input';
import type { RdsState } from './rds-state';

/** Every change applies at once, whether ApplyImmediately says so or not: there is no maintenance window to wait for. */
export const modifyDBInstance = operation({
  name: 'ModifyDBInstance',
  input: z.strictObject({
    DBInstanceIdentifier: existingIdentifier,
    ApplyImmediately: flag.optional(),
    ...instanceSettingsInput,
    DBInstanceClass: instanceSettingsInput.DBInstanceClass.optional(),
  }),
  run: (request, state: RdsState) => {
    const instance = state.instance(request.DBInstanceIdentifier);
    if (instance.status !== 'available') {
      throw new AwsError(
        'InvalidDBInstanceState',
        `Database instance ${instance.identifier} is not in available state: it is ${instance.status}.`,
      );
    }
    instance.settings = instanceSettings(request, instance.settings, instance.cluster.engine, state);
    instance.status = 'modifying';
    state.background.run(`modifying instance ${instance.identifier}`, async (pause) => {
      await pause(state.settings.modifyDelayMs);
      if (instance.status === 'modifying') instance.status = 'available';
    });
    return { DBInstance: state.renderInstance(instance) };
  },
});
