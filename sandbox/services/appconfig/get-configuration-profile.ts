import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { AppConfigState } from './appconfig-state';
import { renderProfile } from './profiles';

export const getConfigurationProfile = operation({
  name: 'GetConfigurationProfile',
  http: {
    method: 'GET',
    path: '/applications/{ApplicationId}/configurationprofiles/{ConfigurationProfileId}',
  },
  input: z.strictObject({ ApplicationId: z.string(), ConfigurationProfileId: z.string() }),
  run: ({ ApplicationId, ConfigurationProfileId }, state: AppConfigState) => {
    const application = state.application(ApplicationId);
    return renderProfile(application, state.profile(application, ConfigurationProfileId));
  },
});
