import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import type { S3State } from './s3-state';

export const deleteBucket = operation({
  name: 'DeleteBucket',
  http: { method: 'DELETE', path: '/{Bucket}', answer: { status: 204 } },
  input: z.strictObject({ Bucket: z.string() }),
  run: ({ Bucket }, state: S3State) => {
    if (state.bucket(Bucket).objects.size > 0) {
      throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409, {
        BucketName: Bucket,
      });
    }
    state.buckets.delete(Bucket);
    return {};
  },
});
