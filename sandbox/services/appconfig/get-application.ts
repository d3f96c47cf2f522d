import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { renderApplication } from './applications';
import type { AppConfigState } from './appconfig-state';

export const getApplication = operation({
  name: 'GetApplication',
  http: { method: 'GET', path: '/applications/{ApplicationId}' },
  input: z.strictObject({ ApplicationId: z.string() }),
  run: ({ ApplicationId }, state: AppConfigState) => renderApplication(state.application(ApplicationId)),
});
