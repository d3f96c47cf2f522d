import { awsError } from '../service-bench';
import { openSecrets, token } from './secrets-bench';

test.each([
  ['nothing', {}, 'value 3'],
  ['a version id', { VersionId: token(1) }, 'value 1'],
  ['a stage', { VersionStage: 'AWSPREVIOUS' }, 'value 2'],
  ['both', { VersionId: token(3), VersionStage: 'AWSCURRENT' }, 'value 3'],
])('by %s', async (_what, by, SecretString) => {
  const call = await openSecrets(3);
  await expect(call('GetSecretValue', { SecretId: 'db', ...by })).resolves.toMatchObject({ SecretString });
});

test('finds a secret by ARN, also without what is behind its name', async () => {
  const call = await openSecrets();
  const { ARN } = (await call('DescribeSecret', { SecretId: 'db' })) as { ARN: string };
  for (const SecretId of [ARN, ARN.slice(0, -7)]) {
    await expect(call('GetSecretValue', { SecretId })).resolves.toMatchObject({ Name: 'db' });
  }
});

test.each([
  ['a secret', { SecretId: 'nope' }, 'ResourceNotFoundException', "can't find the specified secret."],
  ['a version', { VersionId: token(9) }, 'ResourceNotFoundException', `for VersionId: ${token(9)}`],
  ['a stage', { VersionStage: 'X' }, 'ResourceNotFoundException', 'for staging label: X'],
  [
    'such a pair',
    { VersionId: token(1), VersionStage: 'AWSCURRENT' },
    'InvalidRequestException',
    'not associated',
  ],
])('says that there is no %s', async (_what, change, code, message) => {
  const call = await openSecrets(2);
  await expect(call('GetSecretValue', { SecretId: 'db', ...change })).rejects.toEqual(
    awsError(code, message),
  );
});
