import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import { flag } from '../../protocols/query-input';
import { invalidCombination } from './faults';
import { existingIdentifier } from './identifiers';
import { takeDown } from './instance-lifecycle';
import type { RdsState } from './rds-state';

export const deleteDBInstance = operation({
  name: 'DeleteDBInstance',
  input: z.strictObject({
    DBInstanceIdentifier: existingIdentifier,
    // an instance of a cluster has no storage of its own: there is nothing to take or keep
    SkipFinalSnapshot: flag.optional(),
    DeleteAutomatedBackups: flag.optional(),
    FinalDBSnapshotIdentifier: z.string().optional(),
  }),
  run: (request, state: RdsState) => {
    const instance = state.instance(request.DBInstanceIdentifier);
    if (request.FinalDBSnapshotIdentifier !== undefined) {
      throw invalidCombination(
        'FinalDBSnapshotIdentifier can not be specified when deleting a cluster instance.',
      );
    }
    if (instance.status === 'deleting') {
      throw new AwsError(
        'InvalidDBInstanceState',
        `Instance ${instance.identifier} is already being deleted.`,
      );
    }
    takeDown(instance, state);
    return { DBInstance: state.renderInstance(instance) };
  },
});
