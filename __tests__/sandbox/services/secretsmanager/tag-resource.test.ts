import { openSecrets } from './secrets-bench';

test('tags are added and replaced', async () => {
  const call = await openSecrets();
  await call('TagResource', { SecretId: 'db', Tags: [{ Key: 'a', Value: '1' }] });
  await call('TagResource', { SecretId: 'db', Tags: [{ Key: 'a', Value: '2' }] });
  await expect(call('DescribeSecret', { SecretId: 'db' })).resolves.toMatchObject({
    Tags: [{ Key: 'a', Value: '2' }],
  });
});
