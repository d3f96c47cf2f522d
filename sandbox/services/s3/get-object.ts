import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { OBJECT_HEADERS, renderObject } from './object-answer';
import type { S3State } from './s3-state';

/** The whole of it: a range is not looked at, which HTTP allows. */
export const getObject = operation({
  name: 'GetObject',
  http: {
    method: 'GET',
    path: '/{Bucket}/{Key+}',
    headers: { 'x-amz-checksum-mode': 'ChecksumMode' },
    answer: { headers: OBJECT_HEADERS, payload: 'Body' },
  },
  input: z.strictObject({
    Bucket: z.string(),
    Key: z.string(),
    ChecksumMode: z.literal('ENABLED').optional(),
  }),
  run: ({ Bucket, Key, ChecksumMode }, state: S3State) => {
    const object = state.object(Bucket, Key);
    return { ...renderObject(object, ChecksumMode !== undefined), Body: object.body };
  },
});
