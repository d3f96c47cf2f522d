import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { integer } from '../../protocols/query-input';
import type { AppConfigState } from './appconfig-state';
import { renderDeployment } from './deployments';

export const getDeployment = operation({
  name: 'GetDeployment',
  http: {
    method: 'GET',
    path: '/applications/{ApplicationId}/environments/{EnvironmentId}/deployments/{DeploymentNumber}',
  },
  input: z.strictObject({
    ApplicationId: z.string(),
    EnvironmentId: z.string(),
    DeploymentNumber: integer(1, 2 ** 31 - 1),
  }),
  run: ({ ApplicationId, EnvironmentId, DeploymentNumber }, state: AppConfigState) => {
    const application = state.application(ApplicationId);
    const environment = state.environment(application, EnvironmentId);
    return renderDeployment(application, environment, state.deployment(environment, DeploymentNumber), state);
  },
});
