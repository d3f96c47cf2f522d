import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { AppConfigState } from './appconfig-state';
import { renderEnvironment } from './environments';
import { pageOf, PAGING, pagingShape } from './shapes';

export const listEnvironments = operation({
  name: 'ListEnvironments',
  http: { method: 'GET', path: '/applications/{ApplicationId}/environments', query: PAGING },
  input: z.strictObject({ ApplicationId: z.string(), ...pagingShape }),
  run: ({ ApplicationId, ...paging }, state: AppConfigState) => {
    const application = state.application(ApplicationId);
    const environments = [...application.environments.values()];
    return pageOf(
      environments.map((environment) => renderEnvironment(application, environment, state)),
      paging,
    );
  },
});
