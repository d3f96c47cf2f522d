import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import type { S3State } from './s3-state';

const NAME = /^(?!xn--|.*-s3alias$|\d+[.]\d+[.]\d+[.]\d+$)[a-z0-9](?:[a-z0-9]|[.-](?![.-]))*[a-z0-9]$/;

export const createBucket = operation({
  name: 'CreateBucket',
  http: { method: 'PUT', path: '/{Bucket}', answer: { headers: { location: 'Location' } } },
  input: z.strictObject({ Bucket: z.string(), LocationConstraint: z.string().optional() }),
  run: ({ Bucket, LocationConstraint }, state: S3State) => {
    if (Bucket.length < 3 || Bucket.length > 63 || !NAME.test(Bucket)) {
      throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', 400, {
        BucketName: Bucket,
      });
    }
    if ((LocationConstraint ?? 'us-east-1') !== state.region) {
      throw new AwsError(
        'IllegalLocationConstraintException',
        `The ${LocationConstraint ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
      );
    }
    if (state.buckets.has(Bucket)) {
      throw new AwsError(
        'BucketAlreadyOwnedByYou',
        'Your previous request to create the named bucket succeeded and you already own it.',
        409,
        { BucketName: Bucket },
      );
    }
    state.buckets.set(Bucket, { name: Bucket, createdAt: new Date(), objects: new Map() });
    return { Location: `/${Bucket}` };
  },
});
