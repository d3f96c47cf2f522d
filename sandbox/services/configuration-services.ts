import type { Service } from '../protocols/service';
import type { Settings } from '../settings';
import { appConfigService } from './appconfig/appconfig-service';
import { AppConfigState } from './appconfig/appconfig-state';
import { startResolver } from './route53/resolver';
import { route53Service } from './route53/route53-service';
import { Route53State } from './route53/route53-state';
import { s3Service } from './s3/s3-service';
import { S3State } from './s3/s3-state';
import { secretsService } from './secretsmanager/secrets-service';
import { SecretsState } from './secretsmanager/secrets-state';
import { ssmService } from './ssm/ssm-service';
import { SsmState } from './ssm/ssm-state';

/** The services that can tell an application where its database is, and S3, which can tell Terraform what it manages. */
export interface ConfigurationServices {
  readonly services: readonly Service[];
  readonly hostedZones: Route53State;
  /** Where the zones' records are answered, as `127.0.0.1:53535`. */
  readonly resolverAddress: string;
  /** The tags of a parameter or secret, by its ARN. */
  tagsOf(arn: string): ReadonlyMap<string, string> | undefined;
  close(): Promise<void>;
}

export async function openConfigurationServices(settings: Settings): Promise<ConfigurationServices> {
  const { accountId, region } = settings;
  const parameters = new SsmState(accountId, region);
  const secrets = new SecretsState(accountId, region);
  const hostedZones = new Route53State(settings);
  const resolver = await startResolver(() => hostedZones.zones.values());
  return {
    services: [
      ssmService(parameters),
      secretsService(secrets),
      route53Service(hostedZones),
      appConfigService(new AppConfigState(settings)),
      s3Service(new S3State(region)),
    ],
    hostedZones,
    resolverAddress: resolver.address,
    tagsOf: (arn) =>
      parameters.find(arn)?.tags ??
      [...secrets.secrets.values()].find((secret) => arn.slice(0, -7) === secret.arn.slice(0, -7))?.tags,
    close: async () => {
      hostedZones.close();
      await resolver.close();
    },
  };
}
