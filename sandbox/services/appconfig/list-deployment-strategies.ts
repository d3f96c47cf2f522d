import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { AppConfigState } from './appconfig-state';
import { renderStrategy } from './deployment-strategies';
import { pageOf, PAGING, pagingShape } from './shapes';

export const listDeploymentStrategies = operation({
  name: 'ListDeploymentStrategies',
  http: { method: 'GET', path: '/deploymentstrategies', query: PAGING },
  input: z.strictObject(pagingShape),
  run: (paging, state: AppConfigState) => pageOf([...state.strategies.values()].map(renderStrategy), paging),
});
