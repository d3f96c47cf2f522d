import { awsError } from '../service-bench';
import { openSecrets } from './secrets-bench';
import type { Call } from '../service-bench';

async function names(call: Call, input: object): Promise<string[]> {
  const { SecretList } = (await call('ListSecrets', input)) as { SecretList: { Name: string }[] };
  return SecretList.map(({ Name }) => Name).sort();
}

async function openShop(): Promise<Call> {
  const call = await openSecrets();
  await call('CreateSecret', {
    Name: 'shop/db',
    Description: 'The database of the shop',
    Tags: [{ Key: 'team', Value: 'shop' }],
  });
  return call;
}

test.each([
  ['no filter', [], ['db', 'shop/db']],
  ['the beginning of a name', [{ Key: 'name', Values: ['shop'] }], ['shop/db']],
  ['a name that is not meant', [{ Key: 'name', Values: ['!shop'] }], ['db']],
  ['a word of the description', [{ Key: 'description', Values: ['DATA'] }], ['shop/db']],
  [
    'a tag',
    [
      { Key: 'tag-key', Values: ['team'] },
      { Key: 'tag-value', Values: ['shop'] },
    ],
    ['shop/db'],
  ],
])('by %s', async (_what, Filters, expected) => {
  expect(await names(await openShop(), { Filters })).toEqual(expected);
});

test('in pages', async () => {
  const call = await openShop();
  const first = await call('ListSecrets', { MaxResults: 1 });
  expect(first['SecretList']).toHaveLength(1);
  expect(await names(call, { MaxResults: 1, NextToken: first['NextToken'] })).toHaveLength(1);
  await expect(call('ListSecrets', { NextToken: 'bogus' })).rejects.toEqual(
    awsError('InvalidNextTokenException'),
  );
});

test('what is to be deleted is told only where it is asked for', async () => {
  const call = await openShop();
  await call('DeleteSecret', { SecretId: 'db' });
  expect(await names(call, {})).toEqual(['shop/db']);
  expect(await names(call, { IncludePlannedDeletion: true })).toEqual(['db', 'shop/db']);
});
