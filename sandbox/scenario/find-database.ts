/**
 * The ways in which applications find their database, as real clients of each go about it: what they
 * read they keep for a while, and they live on with it while it cannot be read.
 */
import { Resolver } from 'node:dns/promises';

export const CONFIGURED_BY = [
  'ssm-parameter',
  'ssm-secure-string',
  'secret',
  'dns-record',
  'appconfig',
] as const;
export type ConfiguredBy = (typeof CONFIGURED_BY)[number];

/** Where each of them is. */
export interface ConfigurationNames {
  readonly parameter: string;
  readonly secureParameter: string;
  /** A JSON document with `host`, `port`, `username` and `password`, as RDS writes its own secrets. */
  readonly secret: string;
  readonly dnsRecord: string;
  /** Of a JSON document with the host at `/database/host`. */
  readonly appConfig: {
    readonly application: string;
    readonly environment: string;
    readonly profile: string;
  };
}

export interface DatabasePlace {
  readonly host: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
}

interface Answer {
  readonly place: DatabasePlace;
  /** For how long the answer may be kept, where it says so itself. */
  readonly ttlMs?: number;
}

/** Reads from where it is configured; opens clients only of what it uses. */
export async function openLookup(
  configuredBy: ConfiguredBy,
  names: ConfigurationNames,
  dnsServer: string,
): Promise<() => Promise<Answer>> {
  switch (configuredBy) {
    case 'ssm-parameter':
      return parameterLookup(names.parameter);
    case 'ssm-secure-string':
      return parameterLookup(names.secureParameter);
    case 'secret':
      return secretLookup(names.secret);
    case 'dns-record':
      return dnsLookup(names.dnsRecord, dnsServer);
    case 'appconfig':
      return appConfigLookup(names.appConfig);
  }
}

/** Keeps an answer for its own time to live, or for `cacheMs`. */
export function cached(
  lookup: () => Promise<Answer>,
  cacheMs: number,
  onStale: (error: unknown) => void,
): () => Promise<DatabasePlace> {
  let kept: { readonly place: DatabasePlace; readonly until: number } | undefined;
  return async () => {
    if (kept !== undefined && Date.now() < kept.until) return kept.place;
    try {
      const { place, ttlMs = cacheMs } = await lookup();
      kept = { place, until: Date.now() + ttlMs };
    } catch (error) {
      if (kept === undefined) throw error;
      onStale(error);
    }
    return kept.place;
  };
}

async function parameterLookup(Name: string): Promise<() => Promise<Answer>> {
  const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm');
  const client = new SSMClient();
  return async () => {
    const { Parameter } = await client.send(new GetParameterCommand({ Name, WithDecryption: true }));
    return { place: { host: present(Parameter?.Value, `parameter ${Name}`) } };
  };
}

async function secretLookup(SecretId: string): Promise<() => Promise<Answer>> {
  const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  const client = new SecretsManagerClient();
  return async () => {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId }));
    const secret = JSON.parse(present(SecretString, `secret ${SecretId}`)) as Record<string, string | number>;
    const { host, port, username, password } = secret;
    return {
      place: {
        host: present(String(host ?? ''), `host in secret ${SecretId}`),
        port: Number(port),
        user: String(username),
        password: String(password),
      },
    };
  };
}

/** Resolves at once to an address, as drivers do; a name that leads nowhere is an error. */
function dnsLookup(name: string, server: string): () => Promise<Answer> {
  const resolver = new Resolver({ timeout: 1000, tries: 2 });
  resolver.setServers([server]);
  return async () => {
    const addresses = await resolver.resolve4(name, { ttl: true });
    const ttl = Math.min(...addresses.map((each) => each.ttl));
    return { place: { host: present(addresses[0]?.address, `DNS record ${name}`) }, ttlMs: ttl * 1000 };
  };
}

async function appConfigLookup(names: ConfigurationNames['appConfig']): Promise<() => Promise<Answer>> {
  const { AppConfigDataClient, GetLatestConfigurationCommand, StartConfigurationSessionCommand } =
    await import('@aws-sdk/client-appconfigdata');
  const client = new AppConfigDataClient();
  let token: string | undefined;
  let text: string | undefined;
  return async () => {
    if (token === undefined) {
      const started = await client.send(
        new StartConfigurationSessionCommand({
          ApplicationIdentifier: names.application,
          EnvironmentIdentifier: names.environment,
          ConfigurationProfileIdentifier: names.profile,
        }),
      );
      token = started.InitialConfigurationToken;
    }
    const asked = token;
    token = undefined;
    const answer = await client.send(new GetLatestConfigurationCommand({ ConfigurationToken: asked }));
    token = answer.NextPollConfigurationToken;
    // nothing is sent where nothing has changed
    const { Configuration: news } = answer;
    if (news !== undefined && news.length > 0) text = Buffer.from(news).toString('utf8');
    const { database } = JSON.parse(present(text, 'AppConfig configuration')) as {
      database?: { host?: string };
    };
    return { place: { host: present(database?.host, '/database/host in the AppConfig configuration') } };
  };
}

function present(value: string | undefined, what: string): string {
  if (value === undefined || value === '') throw new Error(`${what} is empty`);
  return value;
}
