import type { EngineName } from '../engines/database-cluster';
import type { ConfigurationNames } from './find-database';
import type { ScenarioHost } from './scenario-host';

export const NAMES: ConfigurationNames = {
  parameter: '/trading/db/host',
  secureParameter: '/trading/db/secure-host',
  secret: 'trading/db',
  dnsRecord: 'db.trading.internal',
  appConfig: { application: 'trading', environment: 'production', profile: 'settings' },
};

const DNS_TTL_SECONDS = 5;
/** As RDS writes them into the secrets that it manages. */
const ENGINES: Readonly<Record<EngineName, string>> = {
  'aurora-mysql': 'mysql',
  'aurora-postgresql': 'postgres',
};

export interface ConfiguredDatabase {
  readonly identifier: string;
  readonly engine: EngineName;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** Writes down where the database is in every place that the application may be told to look at. */
export async function writeConfiguration(host: ScenarioHost, database: ConfiguredDatabase): Promise<void> {
  host.putParameter(NAMES.parameter, database.host, 'database host that the trading application writes to');
  await host.call('ssm', 'PutParameter', {
    Name: NAMES.secureParameter,
    Value: database.host,
    Type: 'SecureString',
    Description: 'the same as a SecureString',
  });
  await host.call('secretsmanager', 'CreateSecret', {
    Name: NAMES.secret,
    Description: 'what the trading application connects with',
    SecretString: JSON.stringify({
      username: database.user,
      password: database.password,
      engine: ENGINES[database.engine],
      host: database.host,
      port: database.port,
      dbname: 'trading',
      dbClusterIdentifier: database.identifier,
    }),
  });
  host.createHostedZone('trading.internal', [
    { name: NAMES.dnsRecord, target: database.host, ttlSeconds: DNS_TTL_SECONDS },
  ]);
  await deployConfiguration(host, database);
}

async function deployConfiguration(host: ScenarioHost, database: ConfiguredDatabase): Promise<void> {
  const create = async (operation: string, input: object): Promise<string> => {
    const { Id } = (await host.call('appconfig', operation, input)) as { Id: string };
    return Id;
  };
  const { application, environment, profile } = NAMES.appConfig;
  const ApplicationId = await create('CreateApplication', { Name: application });
  const EnvironmentId = await create('CreateEnvironment', { ApplicationId, Name: environment });
  const ConfigurationProfileId = await create('CreateConfigurationProfile', {
    ApplicationId,
    Name: profile,
    LocationUri: 'hosted',
  });
  const settings = {
    database: { host: database.host, port: database.port, name: 'trading', poolSize: 8 },
    orders: { currency: 'USD', maximumQuantity: 500 },
    maintenance: false,
  };
  await host.call('appconfig', 'CreateHostedConfigurationVersion', {
    ApplicationId,
    ConfigurationProfileId,
    Content: Buffer.from(`${JSON.stringify(settings, null, 2)}\n`),
    ContentType: 'application/json',
  });
  // nothing to watch afterwards, so that another deployment can begin at once
  const DeploymentStrategyId = await create('CreateDeploymentStrategy', {
    Name: 'at-once',
    DeploymentDurationInMinutes: 0,
    GrowthFactor: 100,
  });
  await host.call('appconfig', 'StartDeployment', {
    ApplicationId,
    EnvironmentId,
    ConfigurationProfileId,
    DeploymentStrategyId,
    ConfigurationVersion: '1',
  });
}
