import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import { integer } from '../../protocols/query-input';
import type { S3State } from './s3-state';

/** In the order of keys; keys that share what stands before a delimiter are told as one prefix. */
export const listObjectsV2 = operation({
  name: 'ListObjectsV2',
  http: {
    method: 'GET',
    path: '/{Bucket}',
    when: { 'list-type': '2' },
    query: {
      prefix: 'Prefix',
      delimiter: 'Delimiter',
      'max-keys': 'MaxKeys',
      'start-after': 'StartAfter',
      'continuation-token': 'ContinuationToken',
      'encoding-type': 'EncodingType',
    },
  },
  input: z.strictObject({
    Bucket: z.string(),
    Prefix: z.string().default(''),
    Delimiter: z.string().default(''),
    MaxKeys: integer(0, 1000).optional(),
    StartAfter: z.string().default(''),
    ContinuationToken: z.string().optional(),
    EncodingType: z.literal('url').optional(),
  }),
  run: (request, state: S3State) => {
    const {
      Bucket,
      Prefix,
      Delimiter,
      MaxKeys = 1000,
      StartAfter,
      ContinuationToken,
      EncodingType,
    } = request;
    const after = ContinuationToken === undefined ? StartAfter : keyOfToken(ContinuationToken);
    const { objects } = state.bucket(Bucket);
    const rows = rowsOf([...objects.keys()], Prefix, Delimiter).filter((row) => row > after);
    const page = rows.slice(0, MaxKeys);
    const last = page.at(-1);
    const truncated = rows.length > page.length && last !== undefined;
    const written = (text: string): string =>
      EncodingType === undefined ? text : encodeURIComponent(text).replaceAll('%2F', '/');
    return {
      Name: Bucket,
      Prefix: written(Prefix),
      Delimiter: Delimiter === '' ? undefined : written(Delimiter),
      StartAfter: StartAfter === '' ? undefined : written(StartAfter),
      MaxKeys,
      EncodingType,
      KeyCount: page.length,
      IsTruncated: truncated,
      ContinuationToken,
      NextContinuationToken: truncated ? Buffer.from(last).toString('base64') : undefined,
      Contents: page.flatMap((key) => {
        const object = objects.get(key);
        if (object === undefined) return [];
        const { modifiedAt, etag, body } = object;
        return [
          {
            Key: written(key),
            LastModified: modifiedAt,
            ETag: etag,
            Size: body.length,
            StorageClass: 'STANDARD',
          },
        ];
      }),
      CommonPrefixes: page.filter((row) => !objects.has(row)).map((row) => ({ Prefix: written(row) })),
    };
  },
});

function rowsOf(keys: readonly string[], prefix: string, delimiter: string): string[] {
  const rows = keys
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
      return end < 0 ? key : key.slice(0, end + delimiter.length);
    });
  return [...new Set(rows)].sort();
}

function keyOfToken(token: string): string {
  const key = Buffer.from(token, 'base64').toString('utf8');
  if (key !== '' && Buffer.from(key).toString('base64') === token) return key;
  throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect');
}
