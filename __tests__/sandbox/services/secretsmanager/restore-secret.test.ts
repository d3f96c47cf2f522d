import { openSecrets } from './secrets-bench';

test('a scheduled deletion is taken back', async () => {
  const call = await openSecrets();
  await call('DeleteSecret', { SecretId: 'db' });
  await call('RestoreSecret', { SecretId: 'db' });
  await expect(call('GetSecretValue', { SecretId: 'db' })).resolves.toMatchObject({
    SecretString: 'value 1',
  });
});
