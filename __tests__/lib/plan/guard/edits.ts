import type { TerraformPlan } from '../../../../lib/plan/guard/terraform-plan';

/** Addresses in the captured plans. */
export const CLUSTER = 'aws_rds_cluster.cluster-trading';
export const FIRST = 'aws_rds_cluster_instance.instance-trading-1';
export const PARAMETER = 'aws_ssm_parameter.ssm-trading-db-host-e94f78';

type Change = TerraformPlan['resource_changes'][number]['change'];

export function change(plan: TerraformPlan, address: string): Change {
  const found = plan.resource_changes.find((one) => one.address === address);
  if (found === undefined) throw new Error(`${address} is not in the plan`);
  return found.change;
}

export const set =
  (address: string, values: Record<string, unknown>) =>
  (plan: TerraformPlan): void => {
    const one = change(plan, address);
    one.after = { ...one.after, ...values };
  };

export const forget =
  (address: string, attribute: string) =>
  (plan: TerraformPlan): void => {
    const one = change(plan, address);
    one.after = Object.fromEntries(Object.entries(one.after ?? {}).filter(([key]) => key !== attribute));
    one.after_unknown = { ...Object(one.after_unknown), [attribute]: true } as Record<string, unknown>;
  };

export const actions =
  (address: string, ...names: string[]) =>
  (plan: TerraformPlan): void => {
    change(plan, address).actions = names;
  };

export const provider =
  (expressions: Record<string, unknown>) =>
  (plan: TerraformPlan): void => {
    const aws = plan.configuration.provider_config['aws'];
    if (aws !== undefined) Object.assign(aws.expressions, expressions);
  };

export const add =
  (resource: Partial<TerraformPlan['resource_changes'][number]>, values: Record<string, unknown>) =>
  (plan: TerraformPlan): void => {
    const [first] = plan.resource_changes;
    if (first === undefined) throw new Error('the plan is empty');
    plan.resource_changes.push({
      ...first,
      ...resource,
      change: { ...first.change, before: null, after: values },
    });
  };

export const refer =
  (address: string, attribute: string, to: string) =>
  (plan: TerraformPlan): void => {
    const resource = plan.configuration.root_module.resources.find((one) => one.address === address);
    if (resource === undefined) throw new Error(`${address} is not configured`);
    const constant = `\${${to}.id}`;
    resource.expressions[attribute] = { constant_value: constant, references: [`${to}.id`, to] };
  };

/** What a value that a function computes leaves in Terraform's JSON: of HCL no trace of it, of JSON its text. */
export const compute =
  (address: string, attribute: string, expression: Record<string, unknown> = {}) =>
  (plan: TerraformPlan): void => {
    forget(address, attribute)(plan);
    const resource = plan.configuration.root_module.resources.find((one) => one.address === address);
    if (resource === undefined) throw new Error(`${address} is not configured`);
    resource.expressions[attribute] = expression;
  };
