import { awsError, openSsm } from './ssm-bench';

test('tells every version, the oldest first, each with the key and text that it had', async () => {
  const call = await openSsm();
  await call('PutParameter', { Name: 's', Value: 'one', Type: 'SecureString', KeyId: 'alias/mine' });
  await call('PutParameter', { Name: 's', Value: 'two', Overwrite: true });
  await expect(call('GetParameterHistory', { Name: 's', WithDecryption: true })).resolves.toMatchObject({
    Parameters: [
      { Version: 1, Value: 'one', KeyId: 'alias/mine', Type: 'SecureString' },
      { Version: 2, Value: 'two', KeyId: 'alias/mine' },
    ],
  });
  expect(JSON.stringify(await call('GetParameterHistory', { Name: 's' }))).not.toMatch(/one|two/);
});

test('in pages', async () => {
  const call = await openSsm('a');
  await call('PutParameter', { Name: 'a', Value: 'newer', Overwrite: true });
  const first = await call('GetParameterHistory', { Name: 'a', MaxResults: 1 });
  expect(first).toMatchObject({ Parameters: [{ Version: 1 }] });
  await expect(
    call('GetParameterHistory', { Name: 'a', NextToken: first['NextToken'] }),
  ).resolves.toMatchObject({ Parameters: [{ Version: 2 }] });
});

test('a name that is not there is a ParameterNotFound', async () => {
  const call = await openSsm();
  await expect(call('GetParameterHistory', { Name: 'a' })).rejects.toEqual(awsError('ParameterNotFound'));
});
