import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { AppConfigState } from './appconfig-state';
import type { Profile } from './model';
import { FREEFORM, renderProfile } from './profiles';
import { description } from './shapes';

/** Of configurations that AppConfig itself hosts, of free form. */
export const createConfigurationProfile = operation({
  name: 'CreateConfigurationProfile',
  http: {
    method: 'POST',
    path: '/applications/{ApplicationId}/configurationprofiles',
    answer: { status: 201 },
  },
  input: z.strictObject({
    ApplicationId: z.string(),
    Name: z.string().min(1).max(128),
    Description: description,
    LocationUri: z.literal('hosted'),
    Type: z.literal(FREEFORM).optional(),
  }),
  run: ({ ApplicationId, Name, Description }, state: AppConfigState) => {
    const application = state.application(ApplicationId);
    const profile: Profile = {
      id: state.newId(),
      name: Name,
      description: Description,
      versions: new Map(),
      lastVersion: 0,
    };
    application.profiles.set(profile.id, profile);
    return renderProfile(application, profile);
  },
});
