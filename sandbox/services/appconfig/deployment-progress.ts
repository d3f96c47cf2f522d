import type { Deployment, Strategy } from './model';

export type DeploymentState =
  'DEPLOYING' | 'BAKING' | 'COMPLETE' | 'ROLLING_BACK' | 'ROLLED_BACK' | 'REVERTED';

export interface Progress {
  readonly state: DeploymentState;
  /** Of the clients. */
  readonly percentage: number;
  readonly completedAt: Date | undefined;
}

/** How far a deployment is at an instant. @param minuteMs how long a minute of its strategy takes */
export function progressOf(deployment: Deployment, now: number, minuteMs: number): Progress {
  const { startedAt, strategy, stopped } = deployment;
  if (stopped !== undefined) {
    const over = new Date(stopped.at.getTime() + minuteMs);
    return now < over.getTime() && stopped.as === 'ROLLED_BACK'
      ? { state: 'ROLLING_BACK', percentage: 0, completedAt: undefined }
      : { state: stopped.as, percentage: 0, completedAt: over };
  }
  const minutes = (now - startedAt.getTime()) / minuteMs;
  if (minutes < strategy.deploymentMinutes) {
    return { state: 'DEPLOYING', percentage: percentageAt(minutes, strategy), completedAt: undefined };
  }
  const total = strategy.deploymentMinutes + strategy.bakeMinutes;
  if (minutes < total) return { state: 'BAKING', percentage: 100, completedAt: undefined };
  const completedAt = new Date(startedAt.getTime() + total * minuteMs);
  return { state: 'COMPLETE', percentage: 100, completedAt };
}

export function isInProgress({ state }: Progress): boolean {
  return state === 'DEPLOYING' || state === 'BAKING' || state === 'ROLLING_BACK';
}

/** Source: AppConfig user guide, deployment strategies: linear steps of G percent, or exponential ones of G·2^N. */
function percentageAt(minutes: number, { growthType, growthFactor, deploymentMinutes }: Strategy): number {
  const linear = growthType === 'LINEAR';
  const steps = Math.max(1, Math.ceil(linear ? 100 / growthFactor : Math.log2(100 / growthFactor)));
  const step = Math.floor(minutes / (deploymentMinutes / steps));
  return Math.min(100, linear ? growthFactor * (step + 1) : growthFactor * 2 ** step);
}
