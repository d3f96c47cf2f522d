import { CLUSTER, compute, forget, set } from '../edits';
import { byName, expectRefused, type Refused } from '../judging';
import { approvedPlan } from '../shapes';

const refused: readonly Refused[] = [
  {
    when: 'storage would not be encrypted',
    edit: set(CLUSTER, { storage_encrypted: false }),
    finds: [`${CLUSTER}: storage_encrypted is false`],
  },
  {
    when: 'the key is left to RDS',
    edit: forget(CLUSTER, 'kms_key_id'),
    finds: [
      `${CLUSTER}: kms_key_id is nothing, expected "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"`,
    ],
  },
  {
    when: 'the apply alone tells the key of a cluster that is approved without one',
    plan: 'restore-few-settings',
    approved: { kind: 'restore', restore: approvedPlan('few-settings') },
    edit: compute(CLUSTER, 'kms_key_id'),
    finds: [`${CLUSTER}: kms_key_id is known after the apply only`],
    also: ['known-values'],
  },
];

test.each(byName(refused))('encryption refuses when %s', (_, one) => {
  expectRefused('encryption', one);
});
