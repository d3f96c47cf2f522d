import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { fetchSecretCredentials, makeAuthToken } from '../../../lib/verify/credential-store';
import { parseSecretCredentials, resolveCredentialSource } from '../../../lib/verify/credentials';
import { resolveTls } from '../../../lib/verify/tls';

test.each([
  ['trading.cluster-abc.eu-central-1.rds.amazonaws.com', undefined, 'amazon'],
  ['TRADING.cluster-abc.eu-central-1.RDS.amazonaws.com.', undefined, 'amazon'],
  ['trading.cluster-abc.rds.cn-north-1.rds.amazonaws.com.cn', undefined, 'amazon'],
  ['trading.cluster-abc.eu-central-1.rds.amazonaws.com', 'own', 'own'],
  ['db.example', 'own', 'own'],
  ['127.12.13.14', undefined, undefined],
  ['rds.amazonaws.com.example', undefined, undefined],
  ['notrds.amazonaws.com', undefined, undefined],
])('%s with CA file %s is verified by %s', (host, ownCa, by) => {
  const tls = resolveTls(host, ownCa, ['amazon']);

  expect(tls).toEqual(by === undefined ? { kind: 'none' } : { kind: 'verified', ca: [by] });
});

test.each([
  [{}, 'DRILL_DB_USER'],
  [{ DRILL_DB_USER: 'me' }, 'DRILL_DB_PASSWORD'],
  [{ DRILL_DB_USER: '', DRILL_DB_PASSWORD: 'x' }, 'DRILL_DB_USER'],
])('credentials from %j are refused for want of %s', (env, missing) => {
  expect(resolveCredentialSource(env)).toMatchObject({
    ok: false,
    refusal: { message: `${missing} is not set in the environment` },
  });
});

test.each([
  [
    { DRILL_DB_USER: 'me', DRILL_DB_PASSWORD: 'x' },
    { kind: 'environment', credentials: { user: 'me', password: 'x' } },
  ],
  [{ DRILL_DB_SECRET: 'trading/db' }, { kind: 'secret', secretId: 'trading/db' }],
  // a user without a password is what is left over of another way
  [
    { DRILL_DB_SECRET: 'trading/db', DRILL_DB_USER: 'me' },
    { kind: 'secret', secretId: 'trading/db' },
  ],
  [{ DRILL_DB_IAM_USER: 'verifier' }, { kind: 'iam', user: 'verifier' }],
])('credentials from %j', (env, value) => {
  expect(resolveCredentialSource(env)).toEqual({ ok: true, value });
});

test('two sources of credentials at once are refused', () => {
  const env = { DRILL_DB_SECRET: 'a', DRILL_DB_IAM_USER: 'b' };
  expect(resolveCredentialSource(env)).toMatchObject({
    ok: false,
    refusal: {
      reason: 'several-credentials',
      message: 'DRILL_DB_SECRET and DRILL_DB_IAM_USER are set at once',
    },
  });
});

test.each(['', 'hunter2', '[]', 'null', '{"username":"me"}', '{"username":"me","password":7,"x":"hunter2"}'])(
  'a secret that is %j holds no credentials, and the refusal holds nothing of it',
  (text) => {
    const outcome = parseSecretCredentials('trading/db', text);
    expect(outcome).toMatchObject({ ok: false, refusal: { reason: 'no-credentials-in-secret' } });
    expect(JSON.stringify(outcome)).not.toContain('hunter2');
  },
);

test('credentials are read from the current version of a secret', async () => {
  const secrets = mockClient(SecretsManagerClient);
  secrets
    .on(GetSecretValueCommand, { SecretId: 'trading/db' })
    .resolves({ SecretString: '{"username":"me","password":"x","host":"h"}' });
  await expect(fetchSecretCredentials('trading/db')).resolves.toEqual({
    ok: true,
    value: { user: 'me', password: 'x' },
  });
});

test('a token of IAM authentication is made for one server and user, and without asking anybody', async () => {
  const saved = { ...process.env };
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_REGION: 'eu-central-1',
  });
  try {
    const { user, password } = await makeAuthToken({ host: 'trading.example', port: 3306 }, 'verifier');
    expect(user).toBe('verifier');
    expect(password).toMatch(
      /^trading[.]example:3306\/\?Action=connect&DBUser=verifier&.*X-Amz-Expires=900&.*X-Amz-Signature=[0-9a-f]{64}/,
    );
  } finally {
    process.env = saved;
  }
});
