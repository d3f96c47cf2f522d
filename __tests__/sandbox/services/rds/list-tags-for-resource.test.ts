import { awsError, openRdsBench, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
});
afterEach(() => bench.state.close());

test('tells the tags of a cluster', async () => {
  const ResourceName = 'arn:aws:rds:us-east-2:000000000000:cluster:trading';
  await expect(bench.call('ListTagsForResource', { ResourceName })).resolves.toEqual({
    TagList: [
      { Key: 'Name', Value: 'trading' },
      { Key: 'environment', Value: 'production' },
    ],
  });
});

test.each([
  [
    'a cluster that is not there',
    'arn:aws:rds:us-east-2:000000000000:cluster:gone',
    'DBClusterNotFoundFault',
  ],
  ['an instance that is not there', 'arn:aws:rds:us-east-2:000000000000:db:gone', 'DBInstanceNotFound'],
  ['a name that is no ARN', 'trading', 'InvalidParameterValue'],
  ['another account', 'arn:aws:rds:us-east-2:111111111111:cluster:trading', 'InvalidParameterValue'],
])('refuses %s', async (_what, ResourceName, code) => {
  await expect(bench.call('ListTagsForResource', { ResourceName })).rejects.toEqual(awsError(code));
});
