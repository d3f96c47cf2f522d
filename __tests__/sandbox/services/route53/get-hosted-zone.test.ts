import { awsError } from '../service-bench';
import { openRoute53 } from './route53-bench';

test('tells a private zone with its network, by id with and without its path', async () => {
  const { call, zone } = openRoute53();
  const answer = await call('GetHostedZone', { Id: zone.id });
  expect(answer).toMatchObject({
    HostedZone: {
      Id: `/hostedzone/${zone.id}`,
      Name: 'trading.internal.',
      Config: { PrivateZone: true },
      ResourceRecordSetCount: 3,
    },
    VPCs: [{ VPCRegion: 'us-east-2' }],
  });
  await expect(call('GetHostedZone', { Id: `/hostedzone/${zone.id}` })).resolves.toEqual(answer);
});

test('an unknown zone is a NoSuchHostedZone', async () => {
  await expect(openRoute53().call('GetHostedZone', { Id: 'Z1' })).rejects.toEqual(
    awsError('NoSuchHostedZone', 'No hosted zone found with ID: Z1'),
  );
});
