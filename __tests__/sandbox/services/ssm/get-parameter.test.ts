import { awsError, openSsm } from './ssm-bench';

test('tells a parameter by name and by ARN', async () => {
  const call = await openSsm('/trading/db/host');
  const { Parameter } = await call('GetParameter', { Name: '/trading/db/host' });
  expect(Parameter).toEqual({
    Name: '/trading/db/host',
    Type: 'String',
    Value: 'value of /trading/db/host',
    Version: 1,
    LastModifiedDate: expect.any(Date) as Date,
    ARN: 'arn:aws:ssm:us-east-2:000000000000:parameter/trading/db/host',
    DataType: 'text',
  });
  const byArn = await call('GetParameter', { Name: (Parameter as { ARN: string }).ARN });
  expect(byArn).toEqual({ Parameter });
});

test('an older version can be read by its number', async () => {
  const call = await openSsm('a');
  await call('PutParameter', { Name: 'a', Value: 'newer', Overwrite: true });
  await expect(call('GetParameter', { Name: 'a:1' })).resolves.toMatchObject({
    Parameter: { Value: 'value of a', Version: 1, Selector: ':1' },
  });
});

test('a SecureString shows its value only where decryption is asked for', async () => {
  const call = await openSsm();
  await call('PutParameter', { Name: 'secret', Value: 'open sesame', Type: 'SecureString' });
  const sealed = await call('GetParameter', { Name: 'secret' });
  expect(JSON.stringify(sealed)).not.toContain('open sesame');
  await expect(call('GetParameter', { Name: 'secret', WithDecryption: true })).resolves.toMatchObject({
    Parameter: { Value: 'open sesame', Type: 'SecureString' },
  });
});

test.each([
  ['a name that is not there', 'b', 'ParameterNotFound'],
  ['a version that is not there', 'a:9', 'ParameterVersionNotFound'],
])('refuses %s', async (_what, Name, code) => {
  const call = await openSsm('a');
  await expect(call('GetParameter', { Name })).rejects.toEqual(awsError(code));
});
