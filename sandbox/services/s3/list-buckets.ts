import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { S3State } from './s3-state';

export const listBuckets = operation({
  name: 'ListBuckets',
  http: { method: 'GET', path: '/' },
  input: z.strictObject({}),
  run: (_input, state: S3State) => ({
    Buckets: [...state.buckets.values()]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, createdAt }) => ({ Name: name, CreationDate: createdAt })),
    Owner: { ID: 'sandbox' },
  }),
});
