import { awsError } from '../service-bench';
import { openSecrets, stagesOf, token } from './secrets-bench';

test('a new value is current, the one before it previous, and older ones have no label', async () => {
  const call = await openSecrets(3);
  expect(await stagesOf(call)).toEqual({ [token(3)]: ['AWSCURRENT'], [token(2)]: ['AWSPREVIOUS'] });
});

test('the same token with the same value is one write, with another value it is refused', async () => {
  const call = await openSecrets(2);
  const again = { SecretId: 'db', ClientRequestToken: token(1), SecretString: 'value 1' };
  await expect(call('PutSecretValue', again)).resolves.toMatchObject({ VersionStages: ['AWSPREVIOUS'] });
  expect(await stagesOf(call)).toEqual({ [token(2)]: ['AWSCURRENT'], [token(1)]: ['AWSPREVIOUS'] });
  await expect(call('PutSecretValue', { ...again, SecretString: 'other' })).rejects.toEqual(
    awsError('ResourceExistsException', `ClientRequestToken ${token(1)}`),
  );
});

test('a value under a label of its own leaves the current one in place', async () => {
  const call = await openSecrets();
  await call('PutSecretValue', { SecretId: 'db', SecretString: 'x', VersionStages: ['PENDING'] });
  await expect(call('GetSecretValue', { SecretId: 'db' })).resolves.toMatchObject({
    SecretString: 'value 1',
  });
  await expect(call('GetSecretValue', { SecretId: 'db', VersionStage: 'PENDING' })).resolves.toMatchObject({
    SecretString: 'x',
  });
});

test('bytes come back as bytes', async () => {
  const call = await openSecrets();
  await call('PutSecretValue', { SecretId: 'db', SecretBinary: 'AAEC' });
  const value = await call('GetSecretValue', { SecretId: 'db' });
  expect(value).toMatchObject({ SecretBinary: 'AAEC' });
  expect(value).not.toHaveProperty('SecretString');
});

test('needs a value', async () => {
  const call = await openSecrets();
  await expect(call('PutSecretValue', { SecretId: 'db' })).rejects.toEqual(
    awsError('InvalidRequestException', 'SecretString or SecretBinary'),
  );
});
