import { awsError } from '../service-bench';
import { openSecrets } from './secrets-bench';

test('a deletion is scheduled: until then the secret can be described but not read or written', async () => {
  const call = await openSecrets();
  const { DeletionDate } = await call('DeleteSecret', { SecretId: 'db', RecoveryWindowInDays: 7 });
  const days = ((DeletionDate as Date).getTime() - Date.now()) / 86_400_000;
  expect(days).toBeCloseTo(7, 2);
  await expect(call('DescribeSecret', { SecretId: 'db' })).resolves.toMatchObject({
    DeletedDate: DeletionDate,
  });
  for (const operation of ['GetSecretValue', 'PutSecretValue']) {
    const input = operation === 'GetSecretValue' ? {} : { SecretString: 'x' };
    await expect(call(operation, { SecretId: 'db', ...input })).rejects.toEqual(
      awsError('InvalidRequestException', 'marked for deletion'),
    );
  }
  await expect(call('CreateSecret', { Name: 'db' })).rejects.toEqual(
    awsError('InvalidRequestException', 'already scheduled for deletion'),
  );
});

test('by force it is gone at once', async () => {
  const call = await openSecrets();
  await call('DeleteSecret', { SecretId: 'db', ForceDeleteWithoutRecovery: true });
  await expect(call('DescribeSecret', { SecretId: 'db' })).rejects.toEqual(
    awsError('ResourceNotFoundException'),
  );
});

test.each([
  ['a window that is too short', { RecoveryWindowInDays: 1 }, 'between 7 and 30'],
  ['a window and force', { RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true }, 'in conjunction'],
])('refuses %s', async (_what, change, message) => {
  const call = await openSecrets();
  await expect(call('DeleteSecret', { SecretId: 'db', ...change })).rejects.toEqual(
    awsError('InvalidParameterException', message),
  );
});
