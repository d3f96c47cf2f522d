import { resolveCredentials } from '../../../lib/verify/credentials';
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
  expect(resolveCredentials(env)).toMatchObject({
    ok: false,
    refusal: { message: `${missing} is not set in the environment` },
  });
});

test('credentials are taken from the environment', () => {
  expect(resolveCredentials({ DRILL_DB_USER: 'me', DRILL_DB_PASSWORD: 'x' })).toEqual({
    ok: true,
    value: { user: 'me', password: 'x' },
  });
});
