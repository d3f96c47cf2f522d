import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { conflict, type AppConfigState } from './appconfig-state';
import { renderDeployment } from './deployments';
import type { Deployment, HostedVersion, Profile } from './model';
import { description } from './shapes';

/** One at a time in an environment, whatever the profile. */
export const startDeployment = operation({
  name: 'StartDeployment',
  http: {
    method: 'POST',
    path: '/applications/{ApplicationId}/environments/{EnvironmentId}/deployments',
    answer: { status: 201 },
  },
  input: z.strictObject({
    ApplicationId: z.string(),
    EnvironmentId: z.string(),
    DeploymentStrategyId: z.string(),
    ConfigurationProfileId: z.string(),
    /** A number or a label. */
    ConfigurationVersion: z.string().min(1),
    Description: description,
  }),
  run: (request, state: AppConfigState) => {
    const application = state.application(request.ApplicationId);
    const environment = state.environment(application, request.EnvironmentId);
    const profile = state.profile(application, request.ConfigurationProfileId);
    const strategy = state.strategy(request.DeploymentStrategyId);
    const version = versionOf(profile, request.ConfigurationVersion, state);
    const unfinished = state.unfinished(environment);
    if (unfinished !== undefined) {
      throw conflict(
        `Deployment ${unfinished.number} is in progress in environment ${environment.id}: it must be complete or stopped before another one can start`,
      );
    }
    const deployment: Deployment = {
      number: (environment.deployments.at(-1)?.number ?? 0) + 1,
      profile,
      version,
      strategy,
      description: request.Description,
      startedAt: new Date(),
      stopped: undefined,
    };
    environment.deployments.push(deployment);
    return renderDeployment(application, environment, deployment, state);
  },
});

function versionOf(profile: Profile, numberOrLabel: string, state: AppConfigState): HostedVersion {
  const labelled = [...profile.versions.values()].find(({ label }) => label === numberOrLabel);
  return labelled ?? state.hostedVersion(profile, Number(numberOrLabel));
}
