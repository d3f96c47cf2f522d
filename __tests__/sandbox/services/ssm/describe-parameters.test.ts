import { awsError, openSsm } from './ssm-bench';

const names = ['/app/db/host', '/app/db/port', '/app/name', 'other'];

async function found(...ParameterFilters: object[]): Promise<unknown[]> {
  const call = await openSsm(...names);
  await call('AddTagsToResource', {
    ResourceType: 'Parameter',
    ResourceId: 'other',
    Tags: [{ Key: 'team', Value: 'x' }],
  });
  const { Parameters } = await call('DescribeParameters', { ParameterFilters });
  return (Parameters as { Name: string }[]).map(({ Name }) => Name);
}

test.each([
  ['no filter', [], names],
  ['a name', [{ Key: 'Name', Values: ['/app/name'] }], ['/app/name']],
  [
    'the beginning of a name',
    [{ Key: 'Name', Option: 'BeginsWith', Values: ['/app/db'] }],
    names.slice(0, 2),
  ],
  ['a part of a name', [{ Key: 'Name', Option: 'Contains', Values: ['th'] }], ['other']],
  ['one level of a path', [{ Key: 'Path', Values: ['/app'] }], ['/app/name']],
  ['a whole path', [{ Key: 'Path', Option: 'Recursive', Values: ['/app'] }], names.slice(0, 3)],
  ['a type', [{ Key: 'Type', Values: ['SecureString'] }], []],
  ['either of two names', [{ Key: 'Name', Values: ['other', '/app/name'] }], ['/app/name', 'other']],
  ['a tag with a value', [{ Key: 'tag:team', Values: ['x'] }], ['other']],
  ['a tag with another value', [{ Key: 'tag:team', Values: ['y'] }], []],
  [
    'two filters at once',
    [
      { Key: 'Path', Option: 'Recursive', Values: ['/app'] },
      { Key: 'Name', Option: 'Contains', Values: ['port'] },
    ],
    ['/app/db/port'],
  ],
])('finds by %s', async (_what, filters, expected) => {
  await expect(found(...filters)).resolves.toEqual(expected);
});

test.each([
  ['key', { Key: 'Label', Values: ['x'] }, 'InvalidFilterKey'],
  ['option', { Key: 'Name', Option: 'Near', Values: ['x'] }, 'InvalidFilterOption'],
])('refuses a filter %s that it cannot apply', async (_what, filter, code) => {
  await expect(found(filter)).rejects.toEqual(awsError(code));
});

test('pages lead through all parameters, each once', async () => {
  const call = await openSsm(...names);
  const seen: string[] = [];
  let NextToken: unknown;
  do {
    const page = await call('DescribeParameters', { MaxResults: 3, NextToken });
    seen.push(...(page['Parameters'] as { Name: string }[]).map(({ Name }) => Name));
    NextToken = page['NextToken'];
  } while (NextToken !== undefined);
  expect(seen).toEqual(names);
  await expect(call('DescribeParameters', { NextToken: '!' })).rejects.toEqual(awsError('InvalidNextToken'));
});
