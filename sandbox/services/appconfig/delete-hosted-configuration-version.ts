import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { integer } from '../../protocols/query-input';
import type { AppConfigState } from './appconfig-state';

export const deleteHostedConfigurationVersion = operation({
  name: 'DeleteHostedConfigurationVersion',
  http: {
    method: 'DELETE',
    path: '/applications/{ApplicationId}/configurationprofiles/{ConfigurationProfileId}/hostedconfigurationversions/{VersionNumber}',
    answer: { status: 204 },
  },
  input: z.strictObject({
    ApplicationId: z.string(),
    ConfigurationProfileId: z.string(),
    VersionNumber: integer(1, 2 ** 31 - 1),
  }),
  run: ({ ApplicationId, ConfigurationProfileId, VersionNumber }, state: AppConfigState) => {
    const profile = state.profile(state.application(ApplicationId), ConfigurationProfileId);
    profile.versions.delete(state.hostedVersion(profile, VersionNumber).number);
    return {};
  },
});
