import { change, CLUSTER, FIRST } from '../edits';
import { byName, destroy, expectRefused, type Refused } from '../judging';

const refused: readonly Refused[] = [
  {
    when: 'another drill has made what is deleted',
    plan: 'applied-destroy',
    approved: destroy,
    edit: (plan) =>
      (change(plan, FIRST).before = { ...change(plan, FIRST).before, tags_all: { 'restore-drill': 'e' } }),
    finds: [`${FIRST}: its tag restore-drill is "e", expected "d"`],
  },
  {
    when: 'no drill has made what is deleted',
    plan: 'applied-destroy',
    approved: destroy,
    edit: (plan) => (change(plan, CLUSTER).before = { ...change(plan, CLUSTER).before, tags_all: null }),
    finds: [`${CLUSTER}: its tag restore-drill is nothing, expected "d"`],
  },
];

test.each(byName(refused))('made-by-this-drill refuses when %s', (_, one) => {
  expectRefused('made-by-this-drill', one);
});
