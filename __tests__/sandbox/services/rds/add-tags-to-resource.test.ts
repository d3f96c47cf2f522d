import { awsError, openRdsBench, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
});
afterEach(() => bench.state.close());

const arn = (name: string): string => `arn:aws:rds:us-east-2:000000000000:${name}`;
const tagsOf = (name: string): Promise<Record<string, unknown>> =>
  bench.call('ListTagsForResource', { ResourceName: arn(name) });
const add = (name: string, Tags: object[]): Promise<Record<string, unknown>> =>
  bench.call('AddTagsToResource', { ResourceName: arn(name), Tags });

test.each([
  'cluster:trading',
  'db:trading-1',
  'cluster-pg:trading-cluster-parameters',
  'pg:trading-parameters',
  'subgrp:trading-subnets',
])('%s gains tags, and those of the same key are replaced', async (name) => {
  const { TagList: before } = await tagsOf(name);
  await add(name, [
    { Key: 'k', Value: '1' },
    { Key: 'l', Value: '' },
  ]);
  await add(name, [{ Key: 'k', Value: '2' }]);
  await expect(tagsOf(name)).resolves.toEqual({
    TagList: [...(before as unknown[]), { Key: 'k', Value: '2' }, { Key: 'l', Value: '' }],
  });
});

test.each([
  ['a key of AWS', [{ Key: 'aws:x', Value: '' }], 'aws:'],
  ['a key too long', [{ Key: 'k'.repeat(129), Value: '' }], 'Tags'],
  ['too many tags', Array.from({ length: 50 }, (_, n) => ({ Key: `k${n}`, Value: '' })), 'at most 50'],
])('refuses %s', async (_what, Tags, message) => {
  const before = await tagsOf('cluster:trading');
  await expect(add('cluster:trading', Tags)).rejects.toEqual(awsError('InvalidParameterValue', message));
  await expect(tagsOf('cluster:trading')).resolves.toEqual(before);
});
