import { randomInt } from 'node:crypto';
import { AwsError } from '../../protocols/operation';
import { isInProgress, progressOf, type Progress } from './deployment-progress';
import type {
  Application,
  Deployment,
  Environment,
  HostedVersion,
  Profile,
  Session,
  Strategy,
} from './model';
import { PREDEFINED } from './strategies';

export interface AppConfigSettings {
  readonly accountId: string;
  readonly region: string;
  /** How long a minute of a deployment strategy takes. */
  readonly deploymentMinuteMs: number;
}

/** The account's applications, and what their clients asked for. */
export class AppConfigState {
  readonly applications = new Map<string, Application>();
  readonly strategies = new Map(PREDEFINED.map((strategy) => [strategy.id, strategy]));
  /** By the tokens that clients hold. */
  readonly sessions = new Map<string, Session>();

  constructor(readonly settings: AppConfigSettings) {}

  application(id: string): Application {
    return found('Application', id, this.applications.get(id));
  }

  environment(application: Application, id: string): Environment {
    return found('Environment', id, application.environments.get(id));
  }

  profile(application: Application, id: string): Profile {
    return found('ConfigurationProfile', id, application.profiles.get(id));
  }

  strategy(id: string): Strategy {
    return found('DeploymentStrategy', id, this.strategies.get(id));
  }

  deployment(environment: Environment, number: number): Deployment {
    const deployment = environment.deployments.find((each) => each.number === number);
    return found('Deployment', String(number), deployment);
  }

  hostedVersion(profile: Profile, number: number): HostedVersion {
    return found('HostedConfigurationVersion', String(number), profile.versions.get(number));
  }

  progress(deployment: Deployment): Progress {
    return progressOf(deployment, Date.now(), this.settings.deploymentMinuteMs);
  }

  unfinished(environment: Environment): Deployment | undefined {
    return environment.deployments.find((deployment) => isInProgress(this.progress(deployment)));
  }

  newId(): string {
    const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
    return Array.from({ length: 7 }, () => letters.charAt(randomInt(letters.length))).join('');
  }
}

function found<T>(kind: string, id: string, value: T | undefined): T {
  if (value !== undefined) return value;
  throw new AwsError('ResourceNotFoundException', `Could not find ${kind} with ID ${id}`, 404, {
    ResourceName: kind,
  });
}

export function badRequest(message: string): AwsError {
  return new AwsError('BadRequestException', message, 400);
}

export function conflict(message: string): AwsError {
  return new AwsError('ConflictException', message, 409);
}
