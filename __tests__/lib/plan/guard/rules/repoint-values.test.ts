import { compute, PARAMETER, set } from '../edits';
import { byName, expectRefused, repoint, type Refused } from '../judging';

const refused: readonly Refused[] = [
  {
    when: 'a parameter gets another value than approved, which is not shown',
    plan: 'repoint',
    approved: repoint,
    edit: set(PARAMETER, { value: 'evil.example.com' }),
    finds: [
      `${PARAMETER}: value is not the approved one, "trading-d.cluster-c9akciq32rgf.eu-central-1.rds.amazonaws.com"`,
    ],
  },
  {
    when: 'its type and its description change too',
    plan: 'repoint',
    approved: repoint,
    edit: set(PARAMETER, { type: 'SecureString', description: 'mine' }),
    finds: [
      `${PARAMETER}: type is "SecureString", expected "String"`,
      `${PARAMETER}: description changes from "of the application" to "mine"`,
    ],
  },
  {
    when: 'the apply alone tells its description',
    plan: 'repoint',
    approved: repoint,
    edit: compute(PARAMETER, 'description'),
    finds: [
      `${PARAMETER}: description changes from "of the application" to what is known after the apply only`,
    ],
    also: ['known-values'],
  },
];

test.each(byName(refused))('repoint-values refuses when %s', (_, one) => {
  expectRefused('repoint-values', one);
});
