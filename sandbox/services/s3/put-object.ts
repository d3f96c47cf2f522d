import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import { CHECKSUM_HEADERS, checkedChecksums, decodeChunks } from './checksums';
import type { S3State, StoredObject } from './s3-state';

const checksum = z.base64().optional();

export const putObject = operation({
  name: 'PutObject',
  http: {
    method: 'PUT',
    path: '/{Bucket}/{Key+}',
    headers: {
      'content-type': 'ContentType',
      'content-md5': 'ContentMD5',
      'if-match': 'IfMatch',
      'if-none-match': 'IfNoneMatch',
      'x-amz-content-sha256': 'ContentSHA256',
      'x-amz-server-side-encryption': 'ServerSideEncryption',
      'x-amz-server-side-encryption-aws-kms-key-id': 'SSEKMSKeyId',
      ...CHECKSUM_HEADERS,
    },
    payload: 'Body',
    answer: {
      headers: {
        etag: 'ETag',
        'x-amz-server-side-encryption': 'ServerSideEncryption',
        'x-amz-server-side-encryption-aws-kms-key-id': 'SSEKMSKeyId',
        ...CHECKSUM_HEADERS,
      },
    },
  },
  input: z.strictObject({
    Bucket: z.string(),
    Key: z.string().max(1024),
    Body: z.instanceof(Uint8Array),
    ContentType: z.string().default('binary/octet-stream'),
    ContentMD5: z.base64().optional(),
    /** Only where the object is as this ETag says. */
    IfMatch: z.string().optional(),
    /** Only where there is no object yet. */
    IfNoneMatch: z.literal('*').optional(),
    ContentSHA256: z.string().optional(),
    ServerSideEncryption: z.enum(['AES256', 'aws:kms']).default('AES256'),
    SSEKMSKeyId: z.string().optional(),
    ChecksumSHA256: checksum,
    ChecksumSHA1: checksum,
    ChecksumCRC32: checksum,
  }),
  run: (request, state: S3State) => {
    const { objects } = state.bucket(request.Bucket);
    const { body, given } = contentOf(request);
    const checksums = checkedChecksums(body, given, request.ContentMD5);
    checkConditions(request, objects.get(request.Key));
    const object: StoredObject = {
      body,
      etag: `"${createHash('md5').update(body).digest('hex')}"`,
      contentType: request.ContentType,
      modifiedAt: new Date(),
      checksums,
      encryption: request.ServerSideEncryption,
      kmsKeyId: request.SSEKMSKeyId,
    };
    objects.set(request.Key, object);
    return {
      ETag: object.etag,
      ServerSideEncryption: object.encryption,
      SSEKMSKeyId: object.kmsKeyId,
      ...checksums,
    };
  },
});

type Checksums = Partial<Record<'ChecksumSHA256' | 'ChecksumSHA1' | 'ChecksumCRC32', string | undefined>>;

function contentOf(request: Checksums & { Body: Uint8Array; ContentSHA256?: string | undefined }): {
  body: Uint8Array;
  given: Checksums;
} {
  if (request.ContentSHA256?.startsWith('STREAMING-') !== true) return { body: request.Body, given: request };
  const { body, trailers } = decodeChunks(request.Body);
  const trailing = Object.entries(CHECKSUM_HEADERS).map(([header, name]) => [name, trailers[header]]);
  return { body, given: Object.fromEntries(trailing) as Checksums };
}

/** Source: S3 user guide, conditional writes. */
function checkConditions(
  {
    Key,
    IfMatch,
    IfNoneMatch,
  }: { Key: string; IfMatch?: string | undefined; IfNoneMatch?: string | undefined },
  existing: StoredObject | undefined,
): void {
  if (IfNoneMatch !== undefined && existing !== undefined) throw preconditionFailed('If-None-Match');
  if (IfMatch === undefined) return;
  if (existing === undefined) {
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key });
  }
  if (existing.etag.replaceAll('"', '') !== IfMatch.replaceAll('"', '')) throw preconditionFailed('If-Match');
}

function preconditionFailed(condition: string): AwsError {
  return new AwsError(
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
    412,
    { Condition: condition },
  );
}
