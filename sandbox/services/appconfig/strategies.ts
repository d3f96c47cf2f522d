import type { Strategy } from './model';

/** Source: AppConfig user guide, predefined deployment strategies. */
export const PREDEFINED: readonly Strategy[] = [
  {
    id: 'AppConfig.AllAtOnce',
    name: 'AppConfig.AllAtOnce',
    description: 'Quick',
    deploymentMinutes: 0,
    growthType: 'LINEAR',
    growthFactor: 100,
    bakeMinutes: 10,
  },
  {
    id: 'AppConfig.Linear50PercentEvery30Seconds',
    name: 'AppConfig.Linear50PercentEvery30Seconds',
    description: 'Test/Demo',
    deploymentMinutes: 1,
    growthType: 'LINEAR',
    growthFactor: 50,
    bakeMinutes: 1,
  },
  {
    id: 'AppConfig.Canary10Percent20Minutes',
    name: 'AppConfig.Canary10Percent20Minutes',
    description: 'AWS Recommended',
    deploymentMinutes: 20,
    growthType: 'EXPONENTIAL',
    growthFactor: 10,
    bakeMinutes: 10,
  },
  {
    id: 'AppConfig.Linear20PercentEvery6Minutes',
    name: 'AppConfig.Linear20PercentEvery6Minutes',
    description: 'AWS Recommended',
    deploymentMinutes: 30,
    growthType: 'LINEAR',
    growthFactor: 20,
    bakeMinutes: 30,
  },
];
