import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { renderApplication } from './applications';
import type { AppConfigState } from './appconfig-state';
import type { Application } from './model';
import { description, name } from './shapes';

export const createApplication = operation({
  name: 'CreateApplication',
  http: { method: 'POST', path: '/applications', answer: { status: 201 } },
  input: z.strictObject({ Name: name, Description: description }),
  run: ({ Name, Description }, state: AppConfigState) => {
    const application: Application = {
      id: state.newId(),
      name: Name,
      description: Description,
      environments: new Map(),
      profiles: new Map(),
    };
    state.applications.set(application.id, application);
    return renderApplication(application);
  },
});
