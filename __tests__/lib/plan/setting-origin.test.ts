import { originOfSetting } from '../../../lib/plan/setting-origin';
import { planned, sourceCluster } from './facts';

const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/99999999-12ab-34cd-56ef-1234567890ab';

test.each([
  ['parameter group', { instanceParameterGroup: 'other' }, 'as the source'],
  ['parameter group', { parameterGroup: 'other' }, 'chosen, not as the source'],
  ['security groups', { securityGroupIds: ['sg-2', 'sg-1'] }, 'chosen, not as the source'],
  ['encryption key', { kmsKeyId: KEY }, 'chosen, not as the source'],
])('%s of a plan with %j is %s', (setting, choices, expected) => {
  const [cluster] = planned({}, { choices }).clusters;
  expect(originOfSetting(cluster, setting)).toBe(expected);
});

test('the storage of an unencrypted source is as the source', () => {
  const [cluster] = planned({ source: sourceCluster({ kmsKeyId: null }) }).clusters;
  expect(originOfSetting(cluster, 'storage')).toBe('as the source');
});
