import { awsError } from '../service-bench';
import { openRoute53, record } from './route53-bench';

const db = (...values: string[]): object => record('db.trading.internal', 'CNAME', ...values);

test('UPSERT replaces, CREATE adds, DELETE takes away', async () => {
  const { change, records, call, zone } = openRoute53();
  await change(
    { Action: 'UPSERT', ResourceRecordSet: db('127.9.9.9') },
    { Action: 'CREATE', ResourceRecordSet: record('A.trading.internal.', 'A', '10.0.0.1', '10.0.0.2') },
  );
  expect(await records({ StartRecordName: 'a.trading.internal' })).toEqual([
    'a.trading.internal. A',
    'db.trading.internal. CNAME',
  ]);
  await expect(
    call('ListResourceRecordSets', { HostedZoneId: zone.id, StartRecordName: 'db.trading.internal' }),
  ).resolves.toMatchObject({
    ResourceRecordSets: [{ TTL: 5, ResourceRecords: [{ Value: '127.9.9.9' }] }],
  });
  await change({ Action: 'DELETE', ResourceRecordSet: db('127.9.9.9') });
  expect(await records()).not.toContain('db.trading.internal. CNAME');
});

test.each([
  ['to create what is there', 'CREATE', db('127.9.9.9'), 'but it already exists'],
  [
    'to delete what is not there',
    'DELETE',
    record('x.trading.internal', 'A', '10.0.0.1'),
    'it was not found',
  ],
  ['to delete other values', 'DELETE', db('127.9.9.9'), 'values provided do not match'],
  ['a name of another zone', 'UPSERT', record('db.other.internal', 'CNAME', 'x.'), 'not permitted in zone'],
  ['a CNAME at the apex', 'UPSERT', record('trading.internal', 'CNAME', 'x.'), 'not permitted at apex'],
  ['another type beside a CNAME', 'UPSERT', record('db.trading.internal', 'A', '10.0.0.1'), 'conflicts with'],
  ['an A record without an address', 'UPSERT', record('x.trading.internal', 'A', 'host'), 'IPv4'],
  ['an AAAA record without an address', 'UPSERT', record('x.trading.internal', 'AAAA', '1'), 'IPv6'],
  ['a TXT record without quotes', 'UPSERT', record('x.trading.internal', 'TXT', 'x'), 'quotation'],
])('refuses %s', async (_what, Action, ResourceRecordSet, message) => {
  const { change, records } = openRoute53();
  const before = await records();
  await expect(change({ Action, ResourceRecordSet })).rejects.toEqual(
    awsError('InvalidChangeBatch', message),
  );
  expect(await records()).toEqual(before);
});

test('a batch is done as a whole or not at all', async () => {
  const { change, records } = openRoute53();
  const before = await records();
  await expect(
    change(
      { Action: 'CREATE', ResourceRecordSet: record('x.trading.internal', 'A', '10.0.0.1') },
      { Action: 'CREATE', ResourceRecordSet: db('127.9.9.9') },
    ),
  ).rejects.toEqual(awsError('InvalidChangeBatch'));
  expect(await records()).toEqual(before);
});

test.each([
  ['no TTL', { TTL: undefined }, 'InvalidInput', 'Expected exactly one of'],
  ['no values', { ResourceRecords: '' }, 'InvalidInput', 'Expected exactly one of'],
  ['an alias, which the sandbox lacks', { AliasTarget: {} }, 'NotImplemented', 'AliasTarget'],
  ['a routing policy, which it lacks too', { Weight: '1' }, 'NotImplemented', 'Weight'],
])('refuses a record with %s', async (_what, change, code, message) => {
  const bench = openRoute53();
  const ResourceRecordSet = { ...db('x.'), ...change };
  await expect(bench.change({ Action: 'UPSERT', ResourceRecordSet })).rejects.toEqual(
    awsError(code, message),
  );
});

test('an unknown zone is a NoSuchHostedZone', async () => {
  const { call } = openRoute53();
  const ChangeBatch = { Changes: { Change: [{ Action: 'UPSERT', ResourceRecordSet: db('x.') }] } };
  await expect(call('ChangeResourceRecordSets', { HostedZoneId: 'ZNONE', ChangeBatch })).rejects.toEqual(
    awsError('NoSuchHostedZone', 'ZNONE'),
  );
});
