import { awsError, openSsm } from './ssm-bench';

const resource = { ResourceType: 'Parameter', ResourceId: 'a' };

test('tags are added, and those of the same key replaced', async () => {
  const call = await openSsm('a');
  await call('AddTagsToResource', { ...resource, Tags: [{ Key: 'k', Value: '1' }] });
  const Tags = [
    { Key: 'k', Value: '2' },
    { Key: 'l', Value: '3' },
  ];
  await call('AddTagsToResource', { ...resource, Tags });
  await expect(call('ListTagsForResource', resource)).resolves.toEqual({ TagList: Tags });
});

test.each([
  ['of another type', { ...resource, ResourceType: 'Document' }, 'InvalidResourceType'],
  ['that is not there', { ...resource, ResourceId: 'b' }, 'InvalidResourceId'],
])('refuses a resource %s', async (_what, input, code) => {
  const call = await openSsm('a');
  await expect(call('AddTagsToResource', { ...input, Tags: [] })).rejects.toEqual(awsError(code));
});

test('more than fifty tags are refused', async () => {
  const call = await openSsm('a');
  const Tags = Array.from({ length: 51 }, (_, n) => ({ Key: `k${n}`, Value: '' }));
  await expect(call('AddTagsToResource', { ...resource, Tags })).rejects.toEqual(
    awsError('TooManyTagsError', '51'),
  );
});
