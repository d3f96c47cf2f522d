import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { AppConfigState } from './appconfig-state';

/** Nothing of AppConfig has tags here. */
export const listTagsForResource = operation({
  name: 'ListTagsForResource',
  http: { method: 'GET', path: '/tags/{ResourceArn}' },
  input: z.strictObject({ ResourceArn: z.string().startsWith('arn:') }),
  run: ({ ResourceArn }, state: AppConfigState) => {
    const [, id = ''] = /:application\/([a-z0-9]+)/.exec(ResourceArn) ?? [];
    if (ResourceArn.includes(':application/')) state.application(id);
    return { Tags: {} };
  },
});
