import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { OBJECT_HEADERS, renderObject } from './object-answer';
import type { S3State } from './s3-state';

export const headObject = operation({
  name: 'HeadObject',
  http: {
    method: 'HEAD',
    path: '/{Bucket}/{Key+}',
    headers: { 'x-amz-checksum-mode': 'ChecksumMode' },
    answer: { headers: { ...OBJECT_HEADERS, 'content-length': 'ContentLength' } },
  },
  input: z.strictObject({
    Bucket: z.string(),
    Key: z.string(),
    ChecksumMode: z.literal('ENABLED').optional(),
  }),
  run: ({ Bucket, Key, ChecksumMode }, state: S3State) => {
    const object = state.object(Bucket, Key);
    return { ...renderObject(object, ChecksumMode !== undefined), ContentLength: object.body.length };
  },
});
