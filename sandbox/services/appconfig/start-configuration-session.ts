import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import type { AppConfigState } from './appconfig-state';
import { issueToken, newSession } from './sessions';

/** Of AppConfig's data API; each place by its id or name. */
export const startConfigurationSession = operation({
  name: 'StartConfigurationSession',
  http: { method: 'POST', path: '/configurationsessions', answer: { status: 201 } },
  input: z.strictObject({
    ApplicationIdentifier: z.string(),
    EnvironmentIdentifier: z.string(),
    ConfigurationProfileIdentifier: z.string(),
    RequiredMinimumPollIntervalInSeconds: z.int().min(15).max(86_400).optional(),
  }),
  run: (request, state: AppConfigState) => {
    const application = byIdOrName('application', request.ApplicationIdentifier, state.applications);
    const { environments, profiles } = application;
    const session = newSession({
      environment: byIdOrName('environment', request.EnvironmentIdentifier, environments),
      profile: byIdOrName('profile', request.ConfigurationProfileIdentifier, profiles),
      minimumPollSeconds: request.RequiredMinimumPollIntervalInSeconds,
    });
    return { InitialConfigurationToken: issueToken(session, state) };
  },
});

function byIdOrName<T extends { readonly id: string; readonly name: string }>(
  what: string,
  idOrName: string,
  all: ReadonlyMap<string, T>,
): T {
  const found = all.get(idOrName) ?? [...all.values()].find(({ name }) => name === idOrName);
  if (found === undefined) {
    throw new AwsError('ResourceNotFoundException', `${what} not found for identifier ${idOrName}`, 404);
  }
  return found;
}
