import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { S3State } from './s3-state';

/** What is not there is deleted as well. */
export const deleteObject = operation({
  name: 'DeleteObject',
  http: { method: 'DELETE', path: '/{Bucket}/{Key+}', answer: { status: 204 } },
  input: z.strictObject({ Bucket: z.string(), Key: z.string() }),
  run: ({ Bucket, Key }, state: S3State) => {
    state.bucket(Bucket).objects.delete(Key);
    return {};
  },
});
