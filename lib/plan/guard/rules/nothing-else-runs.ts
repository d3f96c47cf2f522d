import { answer, type Rule } from '../rule';
import type { TerraformPlan } from '../terraform-plan';

const AWS_PROVIDER = /^registry[.](terraform[.]io|opentofu[.]org)\/hashicorp\/aws$/;

export const nothingElseRuns: Rule = {
  name: 'nothing-else-runs',
  title:
    'nothing runs but the provider hashicorp/aws: no other provider, module, data source, action, provisioner or repetition',
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
      ...notManaged(terraform).map(([address, mode]) => ({
        address,
        problem: `is of mode ${mode}, expected managed resources only: reading one can run a program`,
      })),
      ...terraform.action_invocations.map(({ address }) => ({
        address,
        problem: 'is an action that runs beside the resources, expected none',
      })),
      ...Object.keys(root.module_calls).map((name) => ({
        address: `module.${name}`,
        problem: 'is a module, expected none',
      })),
      // one that is declared once for each of a list stands at addresses of its own
      ...root.resources
        .filter((one) => one.count_expression !== undefined || one.for_each_expression !== undefined)
        .map(({ address }) => ({ address, problem: 'is repeated by count or for_each, expected it once' })),
      ...root.resources.flatMap(({ address, provisioners }) =>
        provisioners.map(({ type }) => ({ address, problem: `has a provisioner ${type}, expected none` })),
      ),
    ]);
  },
};

/**
 * Data sources, which are mostly read while planning, so that no change
 * shows them: the provider's `aws_lambda_invocation` calls a function.
 */
function notManaged({ configuration, resource_changes: changes }: TerraformPlan): [string, string][] {
  const all = [...configuration.root_module.resources, ...changes];
  const others = all.flatMap(({ address, mode }): [string, string][] =>
    mode === 'managed' ? [] : [[address, mode]],
  );
  return [...new Map(others)];
}
