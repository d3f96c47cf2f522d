import { openRdsBench, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
});
afterEach(() => bench.state.close());

test('the named tags go, the others stay', async () => {
  const ResourceName = 'arn:aws:rds:us-east-2:000000000000:cluster:trading';
  await bench.call('RemoveTagsFromResource', { ResourceName, TagKeys: ['environment', 'unknown'] });
  await expect(bench.call('ListTagsForResource', { ResourceName })).resolves.toEqual({
    TagList: [{ Key: 'Name', Value: 'trading' }],
  });
});
