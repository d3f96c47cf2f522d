import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { integer } from '../../protocols/query-input';
import type { AppConfigState } from './appconfig-state';
import { renderVersion, VERSION_ANSWER } from './hosted-versions';

export const getHostedConfigurationVersion = operation({
  name: 'GetHostedConfigurationVersion',
  http: {
    method: 'GET',
    path: '/applications/{ApplicationId}/configurationprofiles/{ConfigurationProfileId}/hostedconfigurationversions/{VersionNumber}',
    answer: VERSION_ANSWER,
  },
  input: z.strictObject({
    ApplicationId: z.string(),
    ConfigurationProfileId: z.string(),
    VersionNumber: integer(1, 2 ** 31 - 1),
  }),
  run: (request, state: AppConfigState) => {
    const profile = state.profile(state.application(request.ApplicationId), request.ConfigurationProfileId);
    const version = state.hostedVersion(profile, request.VersionNumber);
    return { ...renderVersion(request, version), Content: version.content };
  },
});
