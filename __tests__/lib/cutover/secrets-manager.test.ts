import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { Secrets } from '../../../lib/cutover/secrets-manager';

const api = mockClient(SecretsManagerClient);
const secrets = new Secrets(new SecretsManagerClient({ region: 'eu-central-1' }), 0);
beforeEach(() => {
  api.reset();
  api.on(DescribeSecretCommand).resolves({ VersionIdsToStages: { v1: ['AWSCURRENT', 'AWSPENDING'] } });
});

describe('Secrets', () => {
  test('reads the current version', async () => {
    api
      .on(GetSecretValueCommand, { SecretId: 'prod/db' }, true)
      .resolves({ SecretString: '{"host":"a"}', VersionId: 'v1', ARN: 'arn:1' });
    expect(await secrets.fetch('prod/db')).toEqual({
      ok: true,
      value: { text: '{"host":"a"}', versionId: 'v1', arn: 'arn:1' },
    });
  });

  test('refuses a secret that is not there, and a binary one', async () => {
    api.on(GetSecretValueCommand).rejects(new ResourceNotFoundException({ message: '', $metadata: {} }));
    expect(await secrets.fetch('nope')).toMatchObject({ ok: false, refusal: { reason: 'secret-not-found' } });
    api.on(GetSecretValueCommand).resolves({ SecretBinary: new Uint8Array([1]), VersionId: 'v1' });
    expect(await secrets.fetch('b')).toMatchObject({ ok: false, refusal: { reason: 'binary-secret' } });
  });

  test('refuses a secret under rotation, whose end would take the write back', async () => {
    api.on(GetSecretValueCommand).resolves({ SecretString: 's3cret', VersionId: 'v1', ARN: 'arn:1' });
    api
      .on(DescribeSecretCommand)
      .resolves({ VersionIdsToStages: { v0: ['AWSPREVIOUS'], v1: ['AWSCURRENT'], v2: ['AWSPENDING'] } });
    const fetched = await secrets.fetch('x');
    expect(fetched).toMatchObject({
      refusal: { reason: 'rotation-under-way', message: expect.stringContaining('version v2') as string },
    });
    expect(JSON.stringify(fetched)).not.toContain('s3cret');
  });

  test('passes any other error on', async () => {
    api.on(GetSecretValueCommand).rejects(new Error('AccessDenied'));
    await expect(secrets.fetch('x')).rejects.toThrow('AccessDenied');
  });

  test('writes under the token given, so that a repeated write is one', async () => {
    api
      .on(PutSecretValueCommand, { SecretId: 'x', SecretString: 't', ClientRequestToken: 'token' }, true)
      .resolves({ VersionId: 'token' });
    api
      .on(DescribeSecretCommand)
      .resolvesOnce({ VersionIdsToStages: { v1: ['AWSCURRENT'] } })
      .resolves({ VersionIdsToStages: { v1: ['AWSPREVIOUS'], token: ['AWSCURRENT'] } });
    expect(await secrets.put('x', 't', 'token')).toEqual({ ok: true, value: 'token' });
  });

  test('does not call a write done that made nothing current, such as one of an earlier token', async () => {
    api.on(PutSecretValueCommand).resolves({ VersionId: 'token' });
    api
      .on(DescribeSecretCommand)
      .resolves({ VersionIdsToStages: { v1: ['AWSCURRENT'], token: ['AWSPREVIOUS'] } });
    expect(await secrets.put('x', 't', 'token')).toMatchObject({
      refusal: {
        reason: 'not-current',
        message: expect.stringContaining("version token of secret 'x' is written, but another") as string,
      },
    });
  });
});
