import { awsError } from '../service-bench';
import { openSecrets, stagesOf, token } from './secrets-bench';

const move = { SecretId: 'db', VersionStage: 'AWSCURRENT' };

test('AWSCURRENT moves back, and AWSPREVIOUS to where it was', async () => {
  const call = await openSecrets(2);
  await call('UpdateSecretVersionStage', {
    ...move,
    RemoveFromVersionId: token(2),
    MoveToVersionId: token(1),
  });
  expect(await stagesOf(call)).toEqual({ [token(1)]: ['AWSCURRENT'], [token(2)]: ['AWSPREVIOUS'] });
});

test('a label of one’s own is attached and taken off', async () => {
  const call = await openSecrets();
  const mine = { SecretId: 'db', VersionStage: 'MINE' };
  await call('UpdateSecretVersionStage', { ...mine, MoveToVersionId: token(1) });
  expect(await stagesOf(call)).toEqual({ [token(1)]: ['AWSCURRENT', 'MINE'] });
  await call('UpdateSecretVersionStage', { ...mine, RemoveFromVersionId: token(1) });
  expect(await stagesOf(call)).toEqual({ [token(1)]: ['AWSCURRENT'] });
});

test.each([
  ['does not say where the label is', { MoveToVersionId: token(1) }, `attached to version ${token(2)}`],
  ['is wrong about it', { RemoveFromVersionId: token(1), MoveToVersionId: token(1) }, 'not attached'],
  ['would leave none current', { RemoveFromVersionId: token(2) }, 'without moving it'],
  ['says nothing', {}, 'at least one'],
])('refuses a move that %s', async (_what, change, message) => {
  const call = await openSecrets(2);
  await expect(call('UpdateSecretVersionStage', { ...move, ...change })).rejects.toEqual(
    awsError('InvalidParameterException', message),
  );
});

test('a version that is not there cannot get a label', async () => {
  const call = await openSecrets();
  await expect(call('UpdateSecretVersionStage', { ...move, MoveToVersionId: token(9) })).rejects.toEqual(
    awsError('ResourceNotFoundException', token(9)),
  );
});
