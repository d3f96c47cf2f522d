import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { AppConfigState } from './appconfig-state';
import { renderEnvironment } from './environments';
import type { Environment } from './model';
import { description, name } from './shapes';

export const createEnvironment = operation({
  name: 'CreateEnvironment',
  http: { method: 'POST', path: '/applications/{ApplicationId}/environments', answer: { status: 201 } },
  input: z.strictObject({ ApplicationId: z.string(), Name: name, Description: description }),
  run: ({ ApplicationId, Name, Description }, state: AppConfigState) => {
    const application = state.application(ApplicationId);
    const environment: Environment = {
      id: state.newId(),
      name: Name,
      description: Description,
      deployments: [],
    };
    application.environments.set(environment.id, environment);
    return renderEnvironment(application, environment, state);
  },
});
