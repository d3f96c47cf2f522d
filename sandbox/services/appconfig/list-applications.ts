import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { renderApplication } from './applications';
import type { AppConfigState } from './appconfig-state';
import { pageOf, PAGING, pagingShape } from './shapes';

export const listApplications = operation({
  name: 'ListApplications',
  http: { method: 'GET', path: '/applications', query: PAGING },
  input: z.strictObject(pagingShape),
  run: (paging, state: AppConfigState) =>
    pageOf([...state.applications.values()].map(renderApplication), paging),
});
