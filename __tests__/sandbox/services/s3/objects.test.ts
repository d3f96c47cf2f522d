import { createHash } from 'node:crypto';
import { decodeChunks } from '../../../../sandbox/services/s3/checksums';
import { s3Service } from '../../../../sandbox/services/s3/s3-service';
import { S3State } from '../../../../sandbox/services/s3/s3-state';
import { awsError, callerOf, type Call } from '../service-bench';

const Bucket = 'states';

async function openS3(...keys: string[]): Promise<Call> {
  const call = callerOf(s3Service(new S3State('us-east-2')));
  await call('CreateBucket', { Bucket, LocationConstraint: 'us-east-2' });
  for (const Key of keys) await call('PutObject', { Bucket, Key, Body: Buffer.from(Key) });
  return call;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

test('an object is written once where it must be new, and replaced where its ETag is known', async () => {
  const call = await openS3();
  const put = { Bucket, Key: 'a.tflock', Body: Buffer.from('one') };
  const { ETag } = await call('PutObject', { ...put, IfNoneMatch: '*' });
  await expect(call('PutObject', { ...put, IfNoneMatch: '*' })).rejects.toEqual(
    awsError('PreconditionFailed', 'pre-conditions'),
  );
  await call('PutObject', { ...put, Body: Buffer.from('two'), IfMatch: ETag });
  await expect(call('PutObject', { ...put, IfMatch: ETag })).rejects.toEqual(awsError('PreconditionFailed'));
  await expect(call('PutObject', { ...put, Key: 'b', IfMatch: ETag })).rejects.toEqual(awsError('NoSuchKey'));
  await expect(call('GetObject', { Bucket, Key: 'a.tflock' })).resolves.toMatchObject({
    Body: Buffer.from('two'),
  });
});

test('a checksum is verified and told again', async () => {
  const call = await openS3();
  const put = { Bucket, Key: 'a', Body: Buffer.from('one') };
  await expect(call('PutObject', { ...put, ChecksumSHA256: sha256('other') })).rejects.toEqual(
    awsError('BadDigest', 'SHA256'),
  );
  await expect(call('HeadObject', { Bucket, Key: 'a' })).rejects.toEqual(awsError('NoSuchKey'));
  await call('PutObject', { ...put, ChecksumSHA256: sha256('one') });
  await expect(call('GetObject', { Bucket, Key: 'a', ChecksumMode: 'ENABLED' })).resolves.toMatchObject({
    ChecksumSHA256: sha256('one'),
  });
});

test('a body in chunks is put together, with the checksum behind it', () => {
  const { body, trailers } = decodeChunks(
    Buffer.from('3\r\none\r\n2;x=y\r\n, \r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n'),
  );
  expect(Buffer.from(body).toString()).toBe('one, ');
  expect(trailers).toEqual({ 'x-amz-checksum-crc32': 'AAAAAA==' });
  expect(() => decodeChunks(Buffer.from('no chunk'))).toThrow(awsError('IncompleteBody') as Error);
});

test('lists by prefix, delimiter and page', async () => {
  const call = await openS3('a/1', 'a/2', 'a/b/3', 'z');
  await expect(call('ListObjectsV2', { Bucket, Prefix: 'a/', Delimiter: '/' })).resolves.toMatchObject({
    Contents: [{ Key: 'a/1' }, { Key: 'a/2' }],
    CommonPrefixes: [{ Prefix: 'a/b/' }],
    KeyCount: 3,
    IsTruncated: false,
  });
  const first = await call('ListObjectsV2', { Bucket, MaxKeys: '3' });
  expect(first).toMatchObject({ IsTruncated: true, KeyCount: 3 });
  const ContinuationToken = first['NextContinuationToken'];
  await expect(call('ListObjectsV2', { Bucket, ContinuationToken })).resolves.toMatchObject({
    Contents: [{ Key: 'z' }],
  });
});

test('what is deleted is gone, and may be deleted again; a bucket only when it is empty', async () => {
  const call = await openS3('a');
  await expect(call('DeleteBucket', { Bucket })).rejects.toEqual(awsError('BucketNotEmpty'));
  await call('DeleteObject', { Bucket, Key: 'a' });
  await call('DeleteObject', { Bucket, Key: 'a' });
  await call('DeleteBucket', { Bucket });
  await expect(call('HeadBucket', { Bucket })).rejects.toEqual(awsError('NoSuchBucket'));
});

test.each([
  ['a name that is none', { Bucket: 'A_b' }, 'InvalidBucketName'],
  [
    'another region',
    { Bucket: 'other', LocationConstraint: 'eu-west-1' },
    'IllegalLocationConstraintException',
  ],
  ['a bucket that is there', {}, 'BucketAlreadyOwnedByYou'],
])('does not make a bucket with %s', async (_what, change, code) => {
  const call = await openS3();
  await expect(call('CreateBucket', { Bucket, LocationConstraint: 'us-east-2', ...change })).rejects.toEqual(
    awsError(code),
  );
});
