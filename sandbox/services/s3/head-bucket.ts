import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { S3State } from './s3-state';

export const headBucket = operation({
  name: 'HeadBucket',
  http: {
    method: 'HEAD',
    path: '/{Bucket}',
    answer: { headers: { 'x-amz-bucket-region': 'BucketRegion' } },
  },
  input: z.strictObject({ Bucket: z.string() }),
  run: ({ Bucket }, state: S3State) => {
    state.bucket(Bucket);
    return { BucketRegion: state.region };
  },
});
