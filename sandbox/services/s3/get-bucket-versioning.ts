import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { S3State } from './s3-state';

/** No bucket was ever versioned: the answer says nothing, as S3's then. */
export const getBucketVersioning = operation({
  name: 'GetBucketVersioning',
  http: { method: 'GET', path: '/{Bucket}', when: { versioning: '' } },
  input: z.strictObject({ Bucket: z.string() }),
  run: ({ Bucket }, state: S3State) => {
    state.bucket(Bucket);
    return {};
  },
});
