import { add, CLUSTER } from '../edits';
import { byName, expectRefused, type Refused } from '../judging';

const refused: readonly Refused[] = [
  {
    when: 'a provisioner runs a program',
    edit: (plan) => plan.configuration.root_module.resources[0]?.provisioners.push({ type: 'local-exec' }),
    finds: [`${CLUSTER}: has a provisioner local-exec, expected none`],
  },
  {
    when: 'there is a module',
    edit: (plan) => (plan.configuration.root_module.module_calls = { network: {} }),
    finds: ['module.network: is a module, expected none'],
  },
  {
    when: "another provider's data source is read, which may run a program",
    edit: add(
      {
        address: 'data.external.x',
        mode: 'data',
        type: 'external',
        provider_name: 'registry.terraform.io/hashicorp/external',
      },
      {},
    ),
    finds: [
      'data.external.x: is of provider registry.terraform.io/hashicorp/external, expected hashicorp/aws',
      'data.external.x: is of mode data, expected managed resources only: reading one can run a program',
    ],
  },
  {
    when: 'an action runs beside the resources',
    edit: (plan) => (plan.action_invocations = [{ address: 'action.aws_lambda_invoke.x' }]),
    finds: ['action.aws_lambda_invoke.x: is an action that runs beside the resources, expected none'],
  },
  {
    when: "the provider is someone else's of that name",
    edit: (plan) => {
      const aws = plan.configuration.provider_config['aws'];
      if (aws !== undefined) aws.full_name = 'registry.example.com/hashicorp/aws';
    },
    finds: ['provider.aws: is registry.example.com/hashicorp/aws, expected hashicorp/aws'],
  },
  ...['count_expression', 'for_each_expression'].map((repetition): Refused => ({
    when: `a resource is repeated by ${repetition}`,
    edit: (plan) => {
      Object.assign(plan.configuration.root_module.resources[0] ?? {}, {
        [repetition]: { constant_value: 1 },
      });
    },
    finds: [`${CLUSTER}: is repeated by count or for_each, expected it once`],
  })),
];

test.each(byName(refused))('nothing-else-runs refuses when %s', (_, one) => {
  expectRefused('nothing-else-runs', one);
});
