import { awsError } from '../service-bench';
import { openRoute53 } from './route53-bench';

test('in the order of reversed labels, from the name that was asked for', async () => {
  const { call, state } = openRoute53();
  for (const name of ['zoo.example', 'a.trading.internal', 'internal']) state.createZone(name);
  const names = async (input: object): Promise<unknown> => {
    const { HostedZones } = await call('ListHostedZonesByName', input);
    return (HostedZones as { Name: string }[]).map(({ Name }) => Name);
  };
  expect(await names({})).toEqual(['zoo.example.', 'internal.', 'trading.internal.', 'a.trading.internal.']);
  expect(await names({ DNSName: 'trading.internal', MaxItems: '1' })).toEqual(['trading.internal.']);
  await expect(call('ListHostedZonesByName', { MaxItems: '1' })).resolves.toMatchObject({
    IsTruncated: true,
    NextDNSName: 'internal.',
  });
});

test('an id without a name is refused', async () => {
  await expect(openRoute53().call('ListHostedZonesByName', { HostedZoneId: 'Z1' })).rejects.toEqual(
    awsError('InvalidInput', 'DNSName'),
  );
});
