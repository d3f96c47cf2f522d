import { awsError } from '../service-bench';
import { openRoute53 } from './route53-bench';

test('several zones at once, each of which must be there', async () => {
  const { call, zone } = openRoute53();
  const ask = (...ids: string[]): Promise<unknown> =>
    call('ListTagsForResources', { ResourceType: 'hostedzone', ResourceIds: { ResourceId: ids } });
  await expect(ask(zone.id)).resolves.toMatchObject({ ResourceTagSets: [{ ResourceId: zone.id }] });
  await expect(ask(zone.id, 'Z1')).rejects.toEqual(awsError('NoSuchHostedZone', 'Z1'));
});
