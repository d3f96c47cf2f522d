import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { AppConfigState } from './appconfig-state';
import { renderStrategy } from './deployment-strategies';
import type { Strategy } from './model';
import { description, name } from './shapes';

export const createDeploymentStrategy = operation({
  name: 'CreateDeploymentStrategy',
  http: { method: 'POST', path: '/deploymentstrategies', answer: { status: 201 } },
  input: z.strictObject({
    Name: name,
    Description: description,
    DeploymentDurationInMinutes: z.int().min(0).max(1440),
    FinalBakeTimeInMinutes: z.int().min(0).max(1440).default(0),
    GrowthFactor: z.number().min(1).max(100),
    GrowthType: z.enum(['LINEAR', 'EXPONENTIAL']).default('LINEAR'),
    ReplicateTo: z.literal('NONE').optional(),
  }),
  run: (request, state: AppConfigState) => {
    const strategy: Strategy = {
      id: state.newId(),
      name: request.Name,
      description: request.Description ?? '',
      deploymentMinutes: request.DeploymentDurationInMinutes,
      growthType: request.GrowthType,
      growthFactor: request.GrowthFactor,
      bakeMinutes: request.FinalBakeTimeInMinutes,
    };
    state.strategies.set(strategy.id, strategy);
    return renderStrategy(strategy);
  },
});
