import { openRoute53 } from './route53-bench';

test('a zone without tags', async () => {
  const { call, zone } = openRoute53();
  await expect(
    call('ListTagsForResource', { ResourceType: 'hostedzone', ResourceId: zone.id }),
  ).resolves.toEqual({ ResourceTagSet: { ResourceType: 'hostedzone', ResourceId: zone.id, Tags: [] } });
});
