import { service, type Service } from '../../protocols/service';
import type { AppConfigState } from './appconfig-state';
import { createApplication } from './create-application';
import { createConfigurationProfile } from './create-configuration-profile';
import { createDeploymentStrategy } from './create-deployment-strategy';
import { createEnvironment } from './create-environment';
import { createHostedConfigurationVersion } from './create-hosted-configuration-version';
import { deleteHostedConfigurationVersion } from './delete-hosted-configuration-version';
import { getApplication } from './get-application';
import { getConfigurationProfile } from './get-configuration-profile';
import { getDeployment } from './get-deployment';
import { getDeploymentStrategy } from './get-deployment-strategy';
import { getEnvironment } from './get-environment';
import { getHostedConfigurationVersion } from './get-hosted-configuration-version';
import { getLatestConfiguration } from './get-latest-configuration';
import { listApplications } from './list-applications';
import { listConfigurationProfiles } from './list-configuration-profiles';
import { listDeploymentStrategies } from './list-deployment-strategies';
import { listDeployments } from './list-deployments';
import { listEnvironments } from './list-environments';
import { listHostedConfigurationVersions } from './list-hosted-configuration-versions';
import { listTagsForResource } from './list-tags-for-resource';
import { startConfigurationSession } from './start-configuration-session';
import { startDeployment } from './start-deployment';
import { stopDeployment } from './stop-deployment';

/** AppConfig and its data API, which is signed for the same name. */
export function appConfigService(state: AppConfigState): Service {
  return service({
    name: 'appconfig',
    wire: { protocol: 'rest-json' },
    invalidInput: { missing: 'BadRequestException', invalid: 'BadRequestException' },
    operations: [
      createApplication,
      getApplication,
      listApplications,
      createEnvironment,
      getEnvironment,
      listEnvironments,
      createConfigurationProfile,
      getConfigurationProfile,
      listConfigurationProfiles,
      createHostedConfigurationVersion,
      getHostedConfigurationVersion,
      listHostedConfigurationVersions,
      deleteHostedConfigurationVersion,
      createDeploymentStrategy,
      getDeploymentStrategy,
      listDeploymentStrategies,
      startDeployment,
      getDeployment,
      listDeployments,
      stopDeployment,
      listTagsForResource,
      startConfigurationSession,
      getLatestConfiguration,
    ],
    state,
  });
}
