import { awsError, openSsm } from './ssm-bench';

test('names that are not there are listed beside those that are', async () => {
  const call = await openSsm('a', 'b');
  await expect(call('GetParameters', { Names: ['a', 'missing', 'b'] })).resolves.toMatchObject({
    Parameters: [{ Name: 'a' }, { Name: 'b' }],
    InvalidParameters: ['missing'],
  });
});

test('more than ten names are refused', async () => {
  const call = await openSsm();
  const Names = Array.from({ length: 11 }, (_, n) => `p${n}`);
  await expect(call('GetParameters', { Names })).rejects.toEqual(awsError('ValidationException', 'Names'));
});
