import { awsError } from '../service-bench';
import { openSecrets, token } from './secrets-bench';

test('a secret has an ARN with six characters behind its name, and its first version is current', async () => {
  const call = await openSecrets();
  await expect(
    call('CreateSecret', { Name: 'app/key', ClientRequestToken: token(7), SecretString: 'x' }),
  ).resolves.toEqual({
    ARN: expect.stringMatching(
      /^arn:aws:secretsmanager:us-east-2:000000000000:secret:app\/key-[A-Za-z0-9]{6}$/,
    ) as string,
    Name: 'app/key',
    VersionId: token(7),
  });
  await expect(call('GetSecretValue', { SecretId: 'app/key' })).resolves.toMatchObject({
    SecretString: 'x',
    VersionStages: ['AWSCURRENT'],
  });
});

test('a secret can be made without a value, as Terraform does, and gets its first one later', async () => {
  const call = await openSecrets();
  await expect(call('CreateSecret', { Name: 'empty' })).resolves.toMatchObject({ VersionId: undefined });
  await expect(call('GetSecretValue', { SecretId: 'empty' })).rejects.toEqual(
    awsError('ResourceNotFoundException', 'for staging label: AWSCURRENT'),
  );
  await call('PutSecretValue', { SecretId: 'empty', SecretString: 'x', VersionStages: ['MINE'] });
  await expect(call('GetSecretValue', { SecretId: 'empty' })).resolves.toMatchObject({
    VersionStages: ['AWSCURRENT', 'MINE'],
  });
});

test.each([
  ['a name that is there', { Name: 'db' }, 'ResourceExistsException', 'db already exists'],
  ['a name with a blank', { Name: 'a b' }, 'InvalidParameterException', 'Invalid name'],
  ['text and bytes', { SecretString: 'a', SecretBinary: 'YQ==' }, 'InvalidParameterException', 'both'],
  ['a short token', { ClientRequestToken: 'short' }, 'InvalidParameterException', '32 to 64'],
  ['a tag of AWS', { Tags: [{ Key: 'aws:x', Value: '' }] }, 'InvalidParameterException', 'aws:'],
  ['replicas', { AddReplicaRegions: [] }, 'NotImplemented', 'AddReplicaRegions'],
])('refuses %s', async (_what, change, code, message) => {
  const call = await openSecrets();
  await expect(call('CreateSecret', { Name: 'new', ...change })).rejects.toEqual(awsError(code, message));
});
