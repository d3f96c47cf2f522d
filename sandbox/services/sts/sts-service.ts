import { service, type Service } from '../../protocols/service';
import { getCallerIdentity } from './get-caller-identity';
import type { StsState } from './sts-state';

export function stsService(state: StsState): Service {
  return service({
    name: 'sts',
    wire: {
      protocol: 'query',
      version: '2011-06-15',
      xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
      listItems: {},
    },
    invalidInput: { missing: 'ValidationError', invalid: 'ValidationError' },
    operations: [getCallerIdentity],
    state,
  });
}
