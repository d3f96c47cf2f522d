import { z } from 'zod';
import { flag, integer } from '../../protocols/query-input';
import { operation } from '../../protocols/operation';
import { badRequest, type AppConfigState } from './appconfig-state';
import { isInProgress } from './deployment-progress';
import { renderDeployment } from './deployments';

/** For as long a complete deployment can be taken back. Source: AppConfig API reference, StopDeployment. */
const REVERTIBLE_MS = 72 * 60 * 60_000;

/** Rolls one back that is in progress; reverts one that is complete, where that is allowed. */
export const stopDeployment = operation({
  name: 'StopDeployment',
  http: {
    method: 'DELETE',
    path: '/applications/{ApplicationId}/environments/{EnvironmentId}/deployments/{DeploymentNumber}',
    headers: { 'allow-revert': 'AllowRevert' },
    answer: { status: 202 },
  },
  input: z.strictObject({
    ApplicationId: z.string(),
    EnvironmentId: z.string(),
    DeploymentNumber: integer(1, 2 ** 31 - 1),
    AllowRevert: flag.optional(),
  }),
  run: ({ ApplicationId, EnvironmentId, DeploymentNumber, AllowRevert = false }, state: AppConfigState) => {
    const application = state.application(ApplicationId);
    const environment = state.environment(application, EnvironmentId);
    const deployment = state.deployment(environment, DeploymentNumber);
    const progress = state.progress(deployment);
    const { completedAt } = progress;
    const revertible =
      AllowRevert &&
      progress.state === 'COMPLETE' &&
      completedAt !== undefined &&
      Date.now() - completedAt.getTime() < REVERTIBLE_MS;
    if (!revertible && (!isInProgress(progress) || progress.state === 'ROLLING_BACK')) {
      throw badRequest(`Deployment ${DeploymentNumber} is ${progress.state} and cannot be stopped`);
    }
    deployment.stopped = { at: new Date(), as: revertible ? 'REVERTED' : 'ROLLED_BACK' };
    return renderDeployment(application, environment, deployment, state);
  },
});
