import { awsError, openSsm } from './ssm-bench';

test('a deleted parameter is gone, and cannot be deleted again', async () => {
  const call = await openSsm('a', 'b');
  await expect(call('DeleteParameter', { Name: 'a' })).resolves.toEqual({});
  await expect(call('DescribeParameters')).resolves.toMatchObject({ Parameters: [{ Name: 'b' }] });
  await expect(call('DeleteParameter', { Name: 'a' })).rejects.toEqual(awsError('ParameterNotFound'));
});
