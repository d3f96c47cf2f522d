import type { Strategy } from './model';

export function renderStrategy(strategy: Strategy): object {
  return {
    Id: strategy.id,
    Name: strategy.name,
    Description: strategy.description,
    DeploymentDurationInMinutes: strategy.deploymentMinutes,
    GrowthType: strategy.growthType,
    GrowthFactor: strategy.growthFactor,
    FinalBakeTimeInMinutes: strategy.bakeMinutes,
    ReplicateTo: 'NONE',
  };
}
