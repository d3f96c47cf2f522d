import { openSecrets } from './secrets-bench';

test('tags are taken off by their keys', async () => {
  const call = await openSecrets();
  const Tags = [
    { Key: 'a', Value: '1' },
    { Key: 'b', Value: '2' },
  ];
  await call('TagResource', { SecretId: 'db', Tags });
  await call('UntagResource', { SecretId: 'db', TagKeys: ['a', 'c'] });
  await expect(call('DescribeSecret', { SecretId: 'db' })).resolves.toMatchObject({
    Tags: [{ Key: 'b', Value: '2' }],
  });
});
