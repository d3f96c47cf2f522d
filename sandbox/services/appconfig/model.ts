/** A hosted version never changes. */
export interface HostedVersion {
  readonly number: number;
  readonly content: Uint8Array;
  readonly contentType: string;
  readonly description: string | undefined;
  readonly label: string | undefined;
}

export interface Profile {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly versions: Map<number, HostedVersion>;
  /** Numbers are not used again. */
  lastVersion: number;
}

export interface Strategy {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly deploymentMinutes: number;
  readonly growthType: 'LINEAR' | 'EXPONENTIAL';
  /** Percent. */
  readonly growthFactor: number;
  readonly bakeMinutes: number;
}

export interface Deployment {
  readonly number: number;
  readonly profile: Profile;
  readonly version: HostedVersion;
  readonly strategy: Strategy;
  readonly description: string | undefined;
  readonly startedAt: Date;
  /** Set when someone takes it back, with the state in which that ends. */
  stopped: { readonly at: Date; readonly as: 'ROLLED_BACK' | 'REVERTED' } | undefined;
}

export interface Environment {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  /** Oldest first. */
  readonly deployments: Deployment[];
}

export interface Application {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly environments: Map<string, Environment>;
  readonly profiles: Map<string, Profile>;
}

/** One client that follows one configuration. */
export interface Session {
  readonly environment: Environment;
  readonly profile: Profile;
  /** Which part of the clients it belongs to, in percent, while a deployment grows. */
  readonly slot: number;
  readonly minimumPollSeconds: number | undefined;
  readonly tokens: string[];
  delivered: HostedVersion | undefined;
  polledAt: number | undefined;
}
