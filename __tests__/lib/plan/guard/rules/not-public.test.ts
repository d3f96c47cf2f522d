import { FIRST, forget, set } from '../edits';
import { byName, expectRefused, type Refused } from '../judging';

const refused: readonly Refused[] = [
  {
    when: 'an instance would be reachable from the internet',
    edit: set(FIRST, { publicly_accessible: true }),
    finds: [`${FIRST}: publicly_accessible is true, expected false`],
  },
  {
    when: 'it is left to RDS',
    edit: forget(FIRST, 'publicly_accessible'),
    finds: [`${FIRST}: publicly_accessible is nothing, expected false`],
  },
];

test.each(byName(refused))('not-public refuses when %s', (_, one) => {
  expectRefused('not-public', one);
});
