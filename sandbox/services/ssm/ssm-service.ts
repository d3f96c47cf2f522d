import { service, type Service } from '../../protocols/service';
import { addTagsToResource } from './add-tags-to-resource';
import { deleteParameter } from './delete-parameter';
import { describeParameters } from './describe-parameters';
import { getParameter } from './get-parameter';
import { getParameterHistory } from './get-parameter-history';
import { getParameters } from './get-parameters';
import { listTagsForResource } from './list-tags-for-resource';
import { putParameter } from './put-parameter';
import { removeTagsFromResource } from './remove-tags-from-resource';
import type { SsmState } from './ssm-state';

export function ssmService(state: SsmState): Service {
  return service({
    name: 'ssm',
    wire: { protocol: 'json', targetPrefix: 'AmazonSSM' },
    invalidInput: { missing: 'ValidationException', invalid: 'ValidationException' },
    operations: [
      putParameter,
      getParameter,
      getParameters,
      getParameterHistory,
      describeParameters,
      deleteParameter,
      listTagsForResource,
      addTagsToResource,
      removeTagsFromResource,
    ],
    state,
  });
}
