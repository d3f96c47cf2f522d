import { openSecrets, stagesOf, token } from './secrets-bench';

test('a new description leaves the value as it is, a new value is current', async () => {
  const call = await openSecrets();
  await expect(call('UpdateSecret', { SecretId: 'db', Description: 'what' })).resolves.toMatchObject({
    VersionId: undefined,
  });
  await call('UpdateSecret', { SecretId: 'db', ClientRequestToken: token(2), SecretString: 'new' });
  expect(await stagesOf(call)).toEqual({ [token(2)]: ['AWSCURRENT'], [token(1)]: ['AWSPREVIOUS'] });
  await expect(call('DescribeSecret', { SecretId: 'db' })).resolves.toMatchObject({ Description: 'what' });
});
