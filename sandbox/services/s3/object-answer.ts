import { CHECKSUM_HEADERS } from './checksums';
import type { StoredObject } from './s3-state';

/** The headers of an answer that tells of one object. */
export const OBJECT_HEADERS = {
  etag: 'ETag',
  'last-modified': 'LastModified',
  'content-type': 'ContentType',
  'x-amz-server-side-encryption': 'ServerSideEncryption',
  'x-amz-server-side-encryption-aws-kms-key-id': 'SSEKMSKeyId',
  ...CHECKSUM_HEADERS,
} as const;

export function renderObject(object: StoredObject, withChecksums: boolean): object {
  return {
    ETag: object.etag,
    LastModified: object.modifiedAt,
    ContentType: object.contentType,
    ServerSideEncryption: object.encryption,
    SSEKMSKeyId: object.kmsKeyId,
    ...(withChecksums && object.checksums),
  };
}
