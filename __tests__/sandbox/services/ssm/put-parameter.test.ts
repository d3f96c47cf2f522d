import { awsError, openSsm } from './ssm-bench';

test('a new parameter is version 1, each overwrite the next', async () => {
  const call = await openSsm();
  const put = { Name: '/trading/db/host', Value: 'a', Type: 'String' };
  await expect(call('PutParameter', put)).resolves.toEqual({ Version: 1, Tier: 'Standard' });
  await expect(call('PutParameter', { ...put, Value: 'b', Overwrite: true })).resolves.toMatchObject({
    Version: 2,
  });
  await expect(call('GetParameter', { Name: '/trading/db/host' })).resolves.toMatchObject({
    Parameter: { Value: 'b', Version: 2 },
  });
});

test('an overwrite keeps description and tags that it does not name', async () => {
  const call = await openSsm();
  const Tags = [{ Key: 'team', Value: 'trading' }];
  await call('PutParameter', { Name: 'a', Value: '1', Type: 'String', Description: 'what it is', Tags });
  await call('PutParameter', { Name: 'a', Value: '2', Overwrite: true });
  await expect(call('DescribeParameters')).resolves.toMatchObject({
    Parameters: [{ Description: 'what it is' }],
  });
  await expect(call('ListTagsForResource', { ResourceType: 'Parameter', ResourceId: 'a' })).resolves.toEqual({
    TagList: Tags,
  });
});

test('without Overwrite an existing parameter stays as it is', async () => {
  const call = await openSsm('a');
  await expect(call('PutParameter', { Name: 'a', Value: 'new', Type: 'String' })).rejects.toEqual(
    awsError('ParameterAlreadyExists', 'set the overwrite option'),
  );
  await expect(call('GetParameter', { Name: 'a' })).resolves.toMatchObject({
    Parameter: { Value: 'value of a' },
  });
});

test.each([
  ['no type for a new parameter', { Type: undefined }, 'ValidationException', 'type is required'],
  ['no value', { Value: undefined }, 'ValidationException', 'Value'],
  ['a type that does not exist', { Type: 'Number' }, 'ValidationException', 'Type'],
  ['a path that does not begin with a slash', { Name: 'a/b' }, 'ValidationException', 'fully qualified'],
  ['a reserved name', { Name: '/AWS/x' }, 'ValidationException', 'prefixed'],
  ['a name with a blank', { Name: 'a b' }, 'ValidationException', 'a b'],
  ['a path too deep', { Name: '/a'.repeat(16) }, 'HierarchyLevelLimitExceededException', '15'],
  ['a value too long', { Value: 'x'.repeat(4097) }, 'ValidationException', '4096'],
  ['a key for plain text', { KeyId: 'alias/x' }, 'ValidationException', 'SecureString'],
  ['a tag of AWS', { Tags: [{ Key: 'aws:x', Value: '' }] }, 'ValidationException', 'aws:'],
  ['a policy, which the sandbox lacks', { Policies: '[]' }, 'NotImplemented', 'Policies'],
])('refuses %s', async (_what, change, code, message) => {
  const call = await openSsm();
  const input = { Name: 'a', Value: 'x', Type: 'String', ...change };
  await expect(call('PutParameter', input)).rejects.toEqual(awsError(code, message));
  await expect(call('DescribeParameters')).resolves.toEqual({ Parameters: [] });
});

test.each([
  ['tags', { Tags: [{ Key: 'a', Value: 'b' }] }, 'ValidationException', "can't be used together"],
  ['another type', { Type: 'SecureString' }, 'HierarchyTypeMismatchException', 'SecureString'],
])('refuses an overwrite with %s', async (_what, change, code, message) => {
  const call = await openSsm('a');
  await expect(call('PutParameter', { Name: 'a', Value: 'x', Overwrite: true, ...change })).rejects.toEqual(
    awsError(code, message),
  );
});

test('the tier grows with the value when it may, and never shrinks', async () => {
  const call = await openSsm();
  const put = { Name: 'a', Value: 'x'.repeat(5000), Type: 'String', Tier: 'Intelligent-Tiering' };
  await expect(call('PutParameter', put)).resolves.toMatchObject({ Tier: 'Advanced' });
  await expect(call('PutParameter', { Name: 'a', Value: 'x', Overwrite: true })).rejects.toEqual(
    awsError('ValidationException', 'downgrade'),
  );
});

test('a value must match the allowed pattern as a whole, also a later one', async () => {
  const call = await openSsm();
  const put = { Name: 'a', Value: 'db-1', Type: 'String', AllowedPattern: 'db-[0-9]' };
  await expect(call('PutParameter', { ...put, Value: 'db-10' })).rejects.toEqual(
    awsError('ParameterPatternMismatchException', 'db-[0-9]'),
  );
  await call('PutParameter', put);
  await expect(call('DescribeParameters')).resolves.toMatchObject({
    Parameters: [{ AllowedPattern: 'db-[0-9]' }],
  });
  await expect(call('PutParameter', { Name: 'a', Value: 'host', Overwrite: true })).rejects.toEqual(
    awsError('ParameterPatternMismatchException', 'db-[0-9]'),
  );
  await expect(
    call('PutParameter', { ...put, AllowedPattern: '', Value: 'host', Overwrite: true }),
  ).resolves.toMatchObject({
    Version: 2,
  });
  await expect(call('PutParameter', { ...put, AllowedPattern: '[', Overwrite: true })).rejects.toEqual(
    awsError('InvalidAllowedPatternException', '['),
  );
});
