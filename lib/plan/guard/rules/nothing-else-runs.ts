import { answer, type Rule } from '../rule';

const AWS_PROVIDER = /^registry[.](terraform[.]io|opentofu[.]org)\/hashicorp\/aws$/;

export const nothingElseRuns: Rule = {
  name: 'nothing-else-runs',
  title: 'nothing runs but the provider hashicorp/aws: no other provider, no module, no provisioner',
  check: ({ terraform }) => {
    const { provider_config: providers, root_module: root } = terraform.configuration;
    return answer([
      ...Object.entries(providers)
        .filter(([, { full_name: name }]) => name !== undefined && !AWS_PROVIDER.test(name))
        .map(([key, { full_name: name }]) => ({
          address: `provider.${key}`,
          problem: `is ${name ?? ''}, expected hashicorp/aws`,
        })),
      ...terraform.resource_changes
        .filter(({ provider_name: name }) => !AWS_PROVIDER.test(name))
        .map(({ address, provider_name: name }) => ({
          address,
          problem: `is of provider ${name}, expected hashicorp/aws`,
        })),
      ...Object.keys(root.module_calls).map((name) => ({
        address: `module.${name}`,
        problem: 'is a module, expected none',
      })),
      ...root.resources.flatMap(({ address, provisioners }) =>
        provisioners.map(({ type }) => ({ address, problem: `has a provisioner ${type}, expected none` })),
      ),
    ]);
  },
};
