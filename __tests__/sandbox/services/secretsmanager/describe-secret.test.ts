import { awsError } from '../service-bench';
import { openSecrets, token } from './secrets-bench';

test('tells everything but the value', async () => {
  const call = await openSecrets();
  const described = await call('DescribeSecret', { SecretId: 'db' });
  expect(described).toMatchObject({
    Name: 'db',
    CreatedDate: expect.any(Date) as Date,
    LastAccessedDate: undefined,
    Tags: [],
    VersionIdsToStages: { [token(1)]: ['AWSCURRENT'] },
  });
  expect(JSON.stringify(described)).not.toContain('value 1');
});

test('the last access is told as a day', async () => {
  const call = await openSecrets();
  await call('GetSecretValue', { SecretId: 'db' });
  const { LastAccessedDate } = await call('DescribeSecret', { SecretId: 'db' });
  expect((LastAccessedDate as Date).toISOString()).toMatch(/T00:00:00[.]000Z$/);
});

test('what is not there is a ResourceNotFoundException', async () => {
  const call = await openSecrets();
  await expect(call('DescribeSecret', { SecretId: 'x' })).rejects.toEqual(
    awsError('ResourceNotFoundException'),
  );
});
