import { awsError } from '../service-bench';
import { openRoute53, record } from './route53-bench';

test('by reversed labels and type, in pages that name where the next one begins', async () => {
  const { call, change, records, zone } = openRoute53();
  await change(
    { Action: 'CREATE', ResourceRecordSet: record('*.trading.internal', 'A', '10.0.0.1') },
    { Action: 'CREATE', ResourceRecordSet: record('a.db.trading.internal', 'TXT', '"x"') },
    { Action: 'CREATE', ResourceRecordSet: record('a.db.trading.internal', 'A', '10.0.0.1') },
  );
  expect(await records()).toEqual([
    'trading.internal. NS',
    'trading.internal. SOA',
    '\\052.trading.internal. A',
    'db.trading.internal. CNAME',
    'a.db.trading.internal. A',
    'a.db.trading.internal. TXT',
  ]);
  const page = { HostedZoneId: zone.id, MaxItems: '1', StartRecordName: 'a.db.trading.internal.' };
  await expect(call('ListResourceRecordSets', page)).resolves.toMatchObject({
    IsTruncated: true,
    NextRecordName: 'a.db.trading.internal.',
    NextRecordType: 'TXT',
  });
  expect(await records({ StartRecordName: 'zone', StartRecordType: 'A' })).toEqual([]);
});

test('a type without a name is refused', async () => {
  const { call, zone } = openRoute53();
  await expect(
    call('ListResourceRecordSets', { HostedZoneId: zone.id, StartRecordType: 'A' }),
  ).rejects.toEqual(awsError('InvalidInput', 'record name is not'));
});
