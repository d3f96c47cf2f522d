import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { AppConfigState } from './appconfig-state';
import { renderVersion } from './hosted-versions';
import { pageOf, PAGING, pagingShape } from './shapes';

/** The newest first, without their content. */
export const listHostedConfigurationVersions = operation({
  name: 'ListHostedConfigurationVersions',
  http: {
    method: 'GET',
    path: '/applications/{ApplicationId}/configurationprofiles/{ConfigurationProfileId}/hostedconfigurationversions',
    query: { ...PAGING, version_label: 'VersionLabel' },
  },
  input: z.strictObject({
    ApplicationId: z.string(),
    ConfigurationProfileId: z.string(),
    VersionLabel: z.string().optional(),
    ...pagingShape,
  }),
  run: ({ VersionLabel, ...request }, state: AppConfigState) => {
    const profile = state.profile(state.application(request.ApplicationId), request.ConfigurationProfileId);
    const versions = [...profile.versions.values()]
      .filter(({ label }) => VersionLabel === undefined || label === VersionLabel)
      .sort((a, b) => b.number - a.number);
    return pageOf(
      versions.map((version) => renderVersion(request, version)),
      request,
    );
  },
});
