import { openSsm } from './ssm-bench';

test('the named tags go, the others stay', async () => {
  const call = await openSsm('a');
  const resource = { ResourceType: 'Parameter', ResourceId: 'a' };
  const Tags = ['k', 'l', 'm'].map((Key) => ({ Key, Value: Key }));
  await call('AddTagsToResource', { ...resource, Tags });
  await call('RemoveTagsFromResource', { ...resource, TagKeys: ['k', 'm', 'unknown'] });
  await expect(call('ListTagsForResource', resource)).resolves.toEqual({
    TagList: [{ Key: 'l', Value: 'l' }],
  });
});
