import { appConfigService } from '../../../../sandbox/services/appconfig/appconfig-service';
import { AppConfigState } from '../../../../sandbox/services/appconfig/appconfig-state';
import { callerOf, type Answer, type Call } from '../service-bench';

export interface Bench {
  readonly call: Call;
  readonly place: { readonly ApplicationId: string; readonly EnvironmentId: string };
  readonly profile: { readonly ApplicationId: string; readonly ConfigurationProfileId: string };
  readonly createVersion: (content: string, more?: object) => Promise<Answer>;
  readonly deploy: (version: string, strategy?: string) => Promise<Answer>;
  readonly stateOf: (number: number) => Promise<unknown>;
}

/** The application `shop` with environment `prod` and profile `settings`; a minute takes a second. */
export async function openAppConfig(): Promise<Bench> {
  const settings = { accountId: '000000000000', region: 'us-east-2', deploymentMinuteMs: 1000 };
  const call = callerOf(appConfigService(new AppConfigState(settings)));
  const idOf = async (operation: string, input: object): Promise<string> =>
    String((await call(operation, input))['Id']);
  const ApplicationId = await idOf('CreateApplication', { Name: 'shop' });
  const place = {
    ApplicationId,
    EnvironmentId: await idOf('CreateEnvironment', { ApplicationId, Name: 'prod' }),
  };
  const named = { ApplicationId, Name: 'settings', LocationUri: 'hosted' };
  const profile = {
    ApplicationId,
    ConfigurationProfileId: await idOf('CreateConfigurationProfile', named),
  };
  return {
    call,
    place,
    profile,
    createVersion: (content, more = {}) =>
      call('CreateHostedConfigurationVersion', {
        ...profile,
        Content: Buffer.from(content),
        ContentType: 'text/plain',
        ...more,
      }),
    deploy: (ConfigurationVersion, DeploymentStrategyId = 'AppConfig.AllAtOnce') =>
      call('StartDeployment', { ...place, ...profile, ConfigurationVersion, DeploymentStrategyId }),
    stateOf: async (number) =>
      (await call('GetDeployment', { ...place, DeploymentNumber: String(number) }))['State'],
  };
}
