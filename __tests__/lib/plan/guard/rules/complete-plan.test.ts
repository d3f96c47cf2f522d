import { byName, expectRefused, type Refused } from '../judging';

const refused: readonly Refused[] = [
  {
    when: 'Terraform met an error',
    edit: (plan) => (plan.errored = true),
    finds: ['plan: Terraform met an error while planning'],
  },
  {
    when: 'a further plan would follow',
    edit: (plan) => {
      plan.complete = false;
      plan.deferred_changes = [{}];
    },
    finds: [
      'plan: it is incomplete: a further plan would follow its apply',
      'plan: 1 changes are deferred to a later plan',
    ],
  },
  {
    when: 'what runs beside the resources is deferred',
    edit: (plan) => (plan.deferred_action_invocations = [{}]),
    finds: ['plan: 1 changes are deferred to a later plan'],
  },
  {
    when: 'the format is of another major version',
    edit: (plan) => (plan.format_version = '2.0'),
    finds: ['plan: its format is version 2.0, expected 1.x'],
  },
];

test.each(byName(refused))('complete-plan refuses when %s', (_, one) => {
  expectRefused('complete-plan', one);
});
