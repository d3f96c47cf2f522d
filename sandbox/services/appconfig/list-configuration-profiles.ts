import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { AppConfigState } from './appconfig-state';
import { FREEFORM, renderProfile } from './profiles';
import { pageOf, PAGING, pagingShape } from './shapes';

export const listConfigurationProfiles = operation({
  name: 'ListConfigurationProfiles',
  http: {
    method: 'GET',
    path: '/applications/{ApplicationId}/configurationprofiles',
    query: { ...PAGING, type: 'Type' },
  },
  input: z.strictObject({ ApplicationId: z.string(), Type: z.literal(FREEFORM).optional(), ...pagingShape }),
  run: ({ ApplicationId, ...paging }, state: AppConfigState) => {
    const application = state.application(ApplicationId);
    const profiles = [...application.profiles.values()];
    return pageOf(
      profiles.map((profile) => renderProfile(application, profile)),
      paging,
    );
  },
});
