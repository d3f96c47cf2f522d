import type { AppConfigState } from './appconfig-state';
import type { Progress } from './deployment-progress';
import type { Application, Deployment, Environment } from './model';

/** As ListDeployments tells one. AppConfig writes times in ISO 8601. */
export function summarize(deployment: Deployment, state: AppConfigState): object {
  const { number, profile, version, strategy, startedAt } = deployment;
  const progress = state.progress(deployment);
  return {
    DeploymentNumber: number,
    ConfigurationName: profile.name,
    ConfigurationProfileId: profile.id,
    ConfigurationVersion: String(version.number),
    VersionLabel: version.label,
    DeploymentDurationInMinutes: strategy.deploymentMinutes,
    GrowthType: strategy.growthType,
    GrowthFactor: strategy.growthFactor,
    FinalBakeTimeInMinutes: strategy.bakeMinutes,
    State: progress.state,
    PercentageComplete: progress.percentage,
    StartedAt: startedAt.toISOString(),
    CompletedAt: progress.completedAt?.toISOString(),
  };
}

export function renderDeployment(
  application: Application,
  environment: Environment,
  deployment: Deployment,
  state: AppConfigState,
): object {
  return {
    ApplicationId: application.id,
    EnvironmentId: environment.id,
    DeploymentStrategyId: deployment.strategy.id,
    Description: deployment.description,
    ConfigurationLocationUri: 'hosted',
    ...summarize(deployment, state),
    EventLog: eventsOf(deployment, state.progress(deployment)),
    AppliedExtensions: [],
  };
}

/** The newest first. */
function eventsOf({ startedAt, stopped }: Deployment, { state, completedAt }: Progress): object[] {
  const events = [event('DEPLOYMENT_STARTED', 'USER', 'Deployment started', startedAt)];
  if (stopped !== undefined) {
    const [type, words] =
      stopped.as === 'REVERTED' ? ['REVERT_COMPLETED', 'reverted'] : ['ROLLBACK_STARTED', 'rolled back'];
    events.unshift(event(type, 'USER', `Deployment ${words}`, stopped.at));
  }
  if (completedAt !== undefined && state === 'COMPLETE') {
    events.unshift(event('DEPLOYMENT_COMPLETED', 'APPCONFIG', 'Deployment completed', completedAt));
  }
  if (completedAt !== undefined && state === 'ROLLED_BACK') {
    events.unshift(event('ROLLBACK_COMPLETED', 'APPCONFIG', 'Rollback completed', completedAt));
  }
  return events;
}

function event(EventType: string, TriggeredBy: string, Description: string, at: Date): object {
  return { EventType, TriggeredBy, Description, OccurredAt: at.toISOString() };
}
