import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import type { SsmState } from './ssm-state';

export const deleteParameter = operation({
  name: 'DeleteParameter',
  input: z.strictObject({ Name: z.string().min(1).max(2048) }),
  run: ({ Name }, state: SsmState) => {
    if (!state.parameters.delete(Name)) {
      throw new AwsError('ParameterNotFound', `Parameter ${Name} not found.`);
    }
    return {};
  },
});
