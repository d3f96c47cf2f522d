import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { AppConfigState } from './appconfig-state';
import { summarize } from './deployments';
import { pageOf, PAGING, pagingShape } from './shapes';

/** The newest first. */
export const listDeployments = operation({
  name: 'ListDeployments',
  http: {
    method: 'GET',
    path: '/applications/{ApplicationId}/environments/{EnvironmentId}/deployments',
    query: PAGING,
  },
  input: z.strictObject({ ApplicationId: z.string(), EnvironmentId: z.string(), ...pagingShape }),
  run: ({ ApplicationId, EnvironmentId, ...paging }, state: AppConfigState) => {
    const { deployments } = state.environment(state.application(ApplicationId), EnvironmentId);
    return pageOf(
      deployments.toReversed().map((deployment) => summarize(deployment, state)),
      paging,
    );
  },
});
