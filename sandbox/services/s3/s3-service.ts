import { service, type Service } from '../../protocols/service';
import { FLAT } from '../../protocols/xml';
import { createBucket } from './create-bucket';
import { deleteBucket } from './delete-bucket';
import { deleteObject } from './delete-object';
import { getBucketVersioning } from './get-bucket-versioning';
import { getObject } from './get-object';
import { headBucket } from './head-bucket';
import { headObject } from './head-object';
import { listBuckets } from './list-buckets';
import { listObjectsV2 } from './list-objects-v2';
import { putObject } from './put-object';
import type { S3State } from './s3-state';

/** S3 with the bucket in the path: what keeps Terraform's state, with a lock file. */
export function s3Service(state: S3State): Service {
  return service({
    name: 's3',
    wire: {
      protocol: 'rest-xml',
      xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/',
      errors: 'bare',
      listItems: { Buckets: 'Bucket', Contents: FLAT, CommonPrefixes: FLAT },
      roots: {
        ListBuckets: 'ListAllMyBucketsResult',
        ListObjectsV2: 'ListBucketResult',
        GetBucketVersioning: 'VersioningConfiguration',
      },
    },
    invalidInput: { missing: 'InvalidRequest', invalid: 'InvalidArgument' },
    operations: [
      listBuckets,
      createBucket,
      headBucket,
      deleteBucket,
      getBucketVersioning,
      listObjectsV2,
      headObject,
      getObject,
      putObject,
      deleteObject,
    ],
    state,
  });
}
