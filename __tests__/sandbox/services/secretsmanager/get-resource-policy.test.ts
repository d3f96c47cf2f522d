import { openSecrets } from './secrets-bench';

test('a secret has no policy of its own', async () => {
  const call = await openSecrets();
  const { ARN } = await call('DescribeSecret', { SecretId: 'db' });
  await expect(call('GetResourcePolicy', { SecretId: 'db' })).resolves.toEqual({ ARN, Name: 'db' });
});
