import { CLUSTER, forget, set } from '../edits';
import { byName, expectRefused, type Refused } from '../judging';

const refused: readonly Refused[] = [
  {
    when: 'none is set',
    edit: forget(CLUSTER, 'vpc_security_group_ids'),
    finds: [`${CLUSTER}: no security group is set: RDS would take the default one`],
  },
  {
    when: 'a further one is set',
    edit: set(CLUSTER, { vpc_security_group_ids: ['sg-0a1b2c3d4e5f60718', 'sg-1'] }),
    finds: [
      `${CLUSTER}: vpc_security_group_ids is ["sg-0a1b2c3d4e5f60718","sg-1"], expected ["sg-0a1b2c3d4e5f60718"]`,
    ],
  },
];

test.each(byName(refused))('security-groups refuses when %s', (_, one) => {
  expectRefused('security-groups', one);
});
