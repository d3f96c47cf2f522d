import type { AppConfigState } from './appconfig-state';
import type { Application, Environment } from './model';

export function renderEnvironment(
  application: Application,
  environment: Environment,
  state: AppConfigState,
): object {
  const last = environment.deployments.at(-1);
  const { state: deploying } = last === undefined ? { state: undefined } : state.progress(last);
  return {
    ApplicationId: application.id,
    Id: environment.id,
    Name: environment.name,
    Description: environment.description,
    State: STATES[deploying ?? 'COMPLETE'],
    Monitors: [],
  };
}

/** Of an environment, by the state of its newest deployment. */
const STATES = {
  DEPLOYING: 'DEPLOYING',
  BAKING: 'DEPLOYING',
  COMPLETE: 'READY_FOR_DEPLOYMENT',
  ROLLING_BACK: 'ROLLING_BACK',
  ROLLED_BACK: 'ROLLED_BACK',
  REVERTED: 'REVERTED',
};
