import { setTimeout as sleep } from 'node:timers/promises';
import {
  AppConfigClient,
  ConflictException,
  CreateHostedConfigurationVersionCommand,
  GetConfigurationProfileCommand,
  GetDeploymentCommand,
  GetHostedConfigurationVersionCommand,
  paginateListApplications,
  paginateListConfigurationProfiles,
  paginateListDeployments,
  paginateListEnvironments,
  paginateListHostedConfigurationVersions,
  StartDeploymentCommand,
  StopDeploymentCommand,
  type DeploymentSummary,
} from '@aws-sdk/client-appconfig';
import { accept, refuse, type Outcome, type Refusal } from '../errors';

/** Ids of where a configuration is deployed. */
export interface ConfigurationPlace {
  readonly applicationId: string;
  readonly environmentId: string;
  readonly profileId: string;
}

/** What applications get from a place. */
export interface DeployedConfiguration {
  /** May hold secrets: never to be kept, shown or logged. */
  readonly text: string;
  readonly contentType: string;
  readonly version: number;
  /** The deployment that brought it, where that is not over yet: AppConfig begins no other before. */
  readonly unfinishedDeployment: number | null;
}

export type ConfigurationRefusal = Refusal<
  'configuration-not-found' | 'several-configurations' | 'unsupported-configuration' | 'nothing-deployed'
>;
export type DeployRefusal = Refusal<'deployment-in-progress' | 'deployment-rolled-back'>;

/** AWS's own strategy that reaches every client at once. It then watches alarms for ten minutes. */
export const AT_ONCE = 'AppConfig.AllAtOnce';
const LOOK_EVERY_MS = 1000;
/** Description of the deployments that are begun here. */
const MARK = 'repointed by aurora-restore-drill';

export class Configurations {
  constructor(private readonly client: AppConfigClient = new AppConfigClient({})) {}

  /** Each part by its id or name. */
  async findPlace(
    application: string,
    environment: string,
    profile: string,
  ): Promise<Outcome<ConfigurationPlace, ConfigurationRefusal>> {
    const applicationId = only('application', application, await this.applications());
    if (!applicationId.ok) return applicationId;
    const inside = { ApplicationId: applicationId.value };
    const environmentId = only('environment', environment, await this.environments(inside));
    if (!environmentId.ok) return environmentId;
    const profileId = only('configuration profile', profile, await this.profiles(inside));
    if (!profileId.ok) return profileId;
    const { LocationUri, Type } = await this.client.send(
      new GetConfigurationProfileCommand({ ...inside, ConfigurationProfileId: profileId.value }),
    );
    if (LocationUri !== 'hosted' || (Type !== undefined && Type !== 'AWS.Freeform')) {
      return refuse({
        reason: 'unsupported-configuration',
        message: `AppConfig profile '${profile}' is ${Type ?? ''} at '${LocationUri ?? ''}', expected AWS.Freeform, hosted by AppConfig itself`,
        hint: 'where the configuration lies in SSM or Secrets Manager, name it there',
      });
    }
    return accept({
      applicationId: applicationId.value,
      environmentId: environmentId.value,
      profileId: profileId.value,
    });
  }

  /** The configuration of the newest deployment that was not taken back. */
  async fetchDeployed(
    place: ConfigurationPlace,
  ): Promise<Outcome<DeployedConfiguration, ConfigurationRefusal>> {
    const deployments = await this.deployments(place);
    const newest = deployments.find(
      ({ State }) => State !== undefined && ![...TAKEN_BACK, 'ROLLING_BACK'].includes(State),
    );
    if (newest === undefined) {
      return refuse({
        reason: 'nothing-deployed',
        message: `AppConfig profile ${place.profileId} has no deployment in environment ${place.environmentId}`,
        hint: 'name an environment that the application reads its configuration from',
      });
    }
    const version = Number(newest.ConfigurationVersion);
    const { text, contentType } = await this.fetchVersion(place, version);
    if (text === undefined) {
      return refuse({
        reason: 'unsupported-configuration',
        message: `version ${version} of AppConfig profile ${place.profileId} is not UTF-8: rewriting it would change more than the host`,
        hint: 'store it as UTF-8, then plan again; or change the host in it by hand',
      });
    }
    const unfinishedDeployment = newest.State === 'COMPLETE' ? null : (newest.DeploymentNumber ?? null);
    return accept({ text, contentType, version, unfinishedDeployment });
  }

  /**
   * Deploys a text and waits until every client gets it. A version that holds this very text already is
   * deployed again: hosted versions never change.
   */
  async deploy(
    place: ConfigurationPlace,
    { text, contentType }: Pick<DeployedConfiguration, 'text' | 'contentType'>,
    strategyId: string,
    signal: AbortSignal,
  ): Promise<Outcome<number, DeployRefusal>> {
    const busy = (await this.deployments(place, 'of any profile')).find(
      ({ State }) => State !== undefined && !OVER.includes(State),
    );
    if (busy !== undefined) return inProgress(place, busy);
    const version = await this.haveVersion(place, text, contentType);
    const number = await this.start(place, version, strategyId);
    if (number === 'conflict') return inProgress(place, {});
    if ((await this.waitFor(place, number, signal)) === 'there') return accept(version);
    return refuse({
      reason: 'deployment-rolled-back',
      message: `AppConfig deployment ${number} of environment ${place.environmentId} was rolled back: by an alarm that it watches, or by a person`,
      hint: 'see its event log in AppConfig; once the cause is gone, run the same command again',
    });
  }

  private async start(
    place: ConfigurationPlace,
    version: number,
    strategyId: string,
  ): Promise<number | 'conflict'> {
    try {
      const { DeploymentNumber: number } = await this.client.send(
        new StartDeploymentCommand({
          ...environmentOf(place),
          ConfigurationProfileId: place.profileId,
          ConfigurationVersion: String(version),
          DeploymentStrategyId: strategyId,
          Description: MARK,
        }),
      );
      if (number === undefined) throw new Error('AppConfig answered without a deployment number');
      return number;
    } catch (error) {
      // somebody else was faster
      if (error instanceof ConflictException) return 'conflict';
      throw error;
    }
  }

  /** Waits until every client gets what a deployment brings, or it is taken back; alarms may be watched for longer. */
  async waitFor(
    place: ConfigurationPlace,
    number: number,
    signal: AbortSignal,
  ): Promise<'there' | 'taken-back'> {
    for (;;) {
      const { State: state } = await this.client.send(
        new GetDeploymentCommand({ ...environmentOf(place), DeploymentNumber: number }),
      );
      if (state === 'COMPLETE' || state === 'BAKING') return 'there';
      if (state === undefined) throw new Error(`AppConfig deployment ${number} is without a state`);
      if (TAKEN_BACK.includes(state)) return 'taken-back';
      await sleep(LOOK_EVERY_MS, undefined, { signal });
    }
  }

  /** Whether a deployment was begun by this tool: nobody else's is ever stopped. */
  async isOurs(place: ConfigurationPlace, number: number): Promise<boolean> {
    const { Description: description } = await this.client.send(
      new GetDeploymentCommand({ ...environmentOf(place), DeploymentNumber: number }),
    );
    return description === MARK;
  }

  /** Takes a deployment back that is not over yet: clients get the version from before it. */
  async takeBack(place: ConfigurationPlace, number: number, signal: AbortSignal): Promise<void> {
    const which = { ...environmentOf(place), DeploymentNumber: number };
    await this.client.send(new StopDeploymentCommand({ ...which, AllowRevert: true }));
    for (;;) {
      const { State: state } = await this.client.send(new GetDeploymentCommand(which));
      if (state !== undefined && OVER.includes(state)) return;
      await sleep(LOOK_EVERY_MS, undefined, { signal });
    }
  }

  private async haveVersion(place: ConfigurationPlace, text: string, contentType: string): Promise<number> {
    const profile = { ApplicationId: place.applicationId, ConfigurationProfileId: place.profileId };
    const versions: number[] = [];
    for await (const page of paginateListHostedConfigurationVersions({ client: this.client }, profile)) {
      versions.push(...(page.Items ?? []).flatMap(({ VersionNumber: number }) => number ?? []));
    }
    versions.sort((a, b) => b - a);
    for (const version of versions.slice(0, LOOK_BACK)) {
      const held = await this.fetchVersion(place, version);
      if (held.text === text && held.contentType === contentType) return version;
    }
    const [latest] = versions;
    const { VersionNumber: made } = await this.client.send(
      new CreateHostedConfigurationVersionCommand({
        ...profile,
        Content: Buffer.from(text, 'utf8'),
        ContentType: contentType,
        ...(latest === undefined ? {} : { LatestVersionNumber: latest }),
      }),
    );
    if (made === undefined) throw new Error('AppConfig answered without a version number');
    return made;
  }

  private async fetchVersion(
    place: ConfigurationPlace,
    version: number,
  ): Promise<{ readonly text: string | undefined; readonly contentType: string }> {
    const { Content: content, ContentType: contentType } = await this.client.send(
      new GetHostedConfigurationVersionCommand({
        ApplicationId: place.applicationId,
        ConfigurationProfileId: place.profileId,
        VersionNumber: version,
      }),
    );
    if (content === undefined || contentType === undefined) {
      throw new Error(`AppConfig answered without content or its type of version ${version}`);
    }
    return { text: decode(content), contentType };
  }

  /** Newest first. */
  private async deployments(
    place: ConfigurationPlace,
    which: 'of this profile' | 'of any profile' = 'of this profile',
  ): Promise<DeploymentSummary[]> {
    const found: DeploymentSummary[] = [];
    for await (const page of paginateListDeployments({ client: this.client }, environmentOf(place))) {
      found.push(...(page.Items ?? []));
    }
    found.sort((a, b) => (b.DeploymentNumber ?? 0) - (a.DeploymentNumber ?? 0));
    return which === 'of any profile'
      ? found
      : found.filter(({ ConfigurationProfileId: id }) => id === place.profileId);
  }

  private async applications(): Promise<Named[]> {
    const found: Named[] = [];
    for await (const page of paginateListApplications({ client: this.client }, {})) {
      found.push(...(page.Items ?? []));
    }
    return found;
  }

  private async environments(inside: { ApplicationId: string }): Promise<Named[]> {
    const found: Named[] = [];
    for await (const page of paginateListEnvironments({ client: this.client }, inside)) {
      found.push(...(page.Items ?? []));
    }
    return found;
  }

  private async profiles(inside: { ApplicationId: string }): Promise<Named[]> {
    const found: Named[] = [];
    for await (const page of paginateListConfigurationProfiles({ client: this.client }, inside)) {
      found.push(...(page.Items ?? []));
    }
    return found;
  }
}

/** Undefined where bytes are no text: each would be written back as another. */
function decode(content: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
}

/** The newest versions that may hold what is to be deployed: the way back is seldom farther. */
const LOOK_BACK = 10;
const TAKEN_BACK: readonly string[] = ['ROLLED_BACK', 'REVERTED'];
const OVER: readonly string[] = [...TAKEN_BACK, 'COMPLETE'];

interface Named {
  readonly Id?: string | undefined;
  readonly Name?: string | undefined;
}

function only(what: string, asked: string, found: readonly Named[]): Outcome<string, ConfigurationRefusal> {
  const ids = found.flatMap(({ Id, Name }) => (Id !== undefined && [Id, Name].includes(asked) ? [Id] : []));
  const [id, ...others] = ids;
  if (id !== undefined && others.length === 0) return accept(id);
  if (id !== undefined) {
    return refuse({
      reason: 'several-configurations',
      message: `AppConfig has ${ids.length} of the ${what} '${asked}': ${ids.join(', ')}`,
      hint: 'name it by its id',
    });
  }
  return refuse({
    reason: 'configuration-not-found',
    message: `AppConfig has no ${what} '${asked}'`,
    hint: 'write --appconfig as APPLICATION/ENVIRONMENT/PROFILE#/path/to/host, each by name or id; check AWS_REGION and the account of your credentials',
  });
}

function inProgress(
  { environmentId }: ConfigurationPlace,
  { DeploymentNumber: number, State: state }: DeploymentSummary,
): Outcome<never, DeployRefusal> {
  return refuse({
    reason: 'deployment-in-progress',
    message: `AppConfig deployment ${number ?? ''} of environment ${environmentId} is ${state ?? 'begun by somebody else'}: no other can begin before it is over`,
    hint: 'wait until it is COMPLETE, or stop it, then run the same command again',
  });
}

function environmentOf({ applicationId, environmentId }: ConfigurationPlace): {
  ApplicationId: string;
  EnvironmentId: string;
} {
  return { ApplicationId: applicationId, EnvironmentId: environmentId };
}
