import { awsError, openSsm } from './ssm-bench';

test('a parameter without tags has an empty list', async () => {
  const call = await openSsm('a');
  const resource = { ResourceType: 'Parameter', ResourceId: 'a' };
  await expect(call('ListTagsForResource', resource)).resolves.toEqual({ TagList: [] });
  await expect(call('ListTagsForResource', { ...resource, ResourceId: 'b' })).rejects.toEqual(
    awsError('InvalidResourceId'),
  );
});
