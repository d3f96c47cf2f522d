import { awsError } from '../service-bench';
import { openRoute53 } from './route53-bench';

test('in pages', async () => {
  const { call, state, zone } = openRoute53();
  const other = state.createZone('a.example');
  const first = await call('ListHostedZones', { MaxItems: '1' });
  expect(first).toMatchObject({
    HostedZones: [{ Id: `/hostedzone/${zone.id}` }],
    IsTruncated: true,
    NextMarker: other.id,
  });
  await expect(call('ListHostedZones', { Marker: other.id })).resolves.toMatchObject({
    HostedZones: [{ Name: 'a.example.' }],
    IsTruncated: false,
    NextMarker: undefined,
  });
  await expect(call('ListHostedZones', { Marker: 'Z1' })).rejects.toEqual(awsError('InvalidInput', 'Z1'));
});
