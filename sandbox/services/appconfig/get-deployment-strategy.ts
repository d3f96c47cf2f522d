import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { AppConfigState } from './appconfig-state';
import { renderStrategy } from './deployment-strategies';

export const getDeploymentStrategy = operation({
  name: 'GetDeploymentStrategy',
  http: { method: 'GET', path: '/deploymentstrategies/{DeploymentStrategyId}' },
  input: z.strictObject({ DeploymentStrategyId: z.string() }),
  run: ({ DeploymentStrategyId }, state: AppConfigState) =>
    renderStrategy(state.strategy(DeploymentStrategyId)),
});
