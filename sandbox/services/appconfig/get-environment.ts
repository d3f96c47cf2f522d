import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { AppConfigState } from './appconfig-state';
import { renderEnvironment } from './environments';

export const getEnvironment = operation({
  name: 'GetEnvironment',
  http: { method: 'GET', path: '/applications/{ApplicationId}/environments/{EnvironmentId}' },
  input: z.strictObject({ ApplicationId: z.string(), EnvironmentId: z.string() }),
  run: ({ ApplicationId, EnvironmentId }, state: AppConfigState) => {
    const application = state.application(ApplicationId);
    return renderEnvironment(application, state.environment(application, EnvironmentId), state);
  },
});
