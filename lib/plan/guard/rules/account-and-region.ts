import { answer, type Finding, type Rule } from '../rule';
import {
  computedAttributes,
  managedChanges,
  show,
  type ResourceChange,
  type TerraformPlan,
} from '../terraform-plan';

/** Others lead elsewhere: to another endpoint, by another role, with tags of their own. */
const PROVIDER_ARGUMENTS = new Set(['allowed_account_ids', 'region']);

export const accountAndRegion: Rule = {
  name: 'account-and-region',
  title: 'the provider may change the approved account and region only, and every ARN is of them',
  check: ({ terraform, approved }) => {
    const { account, region } = approved.kind === 'repoint' ? approved.repoint : approved.restore;
    const named = new Set(arnsIn(approved));
    const providers = Object.entries(terraform.configuration.provider_config);
    const findings: Finding[] =
      providers.length === 0 ? [{ address: 'provider', problem: 'no provider is configured' }] : [];
    for (const [key, { expressions }] of providers) {
      const accounts = constant(expressions['allowed_account_ids']);
      const problems = [
        ...differs('allowed_account_ids', accounts, [account]),
        ...differs('region', constant(expressions['region']), region),
        ...Object.keys(expressions)
          .filter((name) => !PROVIDER_ARGUMENTS.has(name))
          .map((name) => `sets ${name}, expected nothing but account and region`),
      ];
      findings.push(...problems.map((problem) => ({ address: `provider.${key}`, problem })));
    }
    for (const { address, provider_config_key: key } of terraform.configuration.root_module.resources) {
      if (providers.some(([configured]) => configured === key)) continue;
      findings.push({ address, problem: `is of provider ${key}, which is bound to no account` });
    }
    for (const change of managedChanges(terraform)) {
      const strangers = arnsIn(change.change.after ?? change.change.before).filter(
        (arn) => !named.has(arn) && !isOf(arn, account, region),
      );
      findings.push(
        ...strangers.map((arn) => ({
          address: change.address,
          problem: `names ${arn}, expected account ${account} in ${region}`,
        })),
        ...regionOf(change, region, terraform),
      );
    }
    return answer(findings);
  },
};

/** Since version 6 of the provider each resource may be of another region than its provider. */
function regionOf(one: ResourceChange, region: string, terraform: TerraformPlan): Finding[] {
  const { address, change } = one;
  if (computedAttributes(one, terraform).includes('region')) {
    return [{ address, problem: `region is known after the apply only, expected ${show(region)}` }];
  }
  const own = (change.after ?? change.before)?.['region'];
  if (own === undefined || own === null || own === region) return [];
  return [{ address, problem: `region is ${show(own)}, expected ${show(region)}` }];
}

function differs(name: string, found: unknown, expected: unknown): string[] {
  if (show(found) === show(expected)) return [];
  return [`${name} is ${show(found)}, expected ${show(expected)}`];
}

function constant(expression: unknown): unknown {
  if (typeof expression !== 'object' || expression === null) return undefined;
  return 'constant_value' in expression ? expression.constant_value : undefined;
}

/** Global services have ARNs without a region, some resources ones without an account; `aws` owns managed policies. */
function isOf(arn: string, account: string, region: string): boolean {
  const [, , , itsRegion = '', itsAccount = ''] = arn.split(':');
  return ['', region].includes(itsRegion) && ['', 'aws', account].includes(itsAccount);
}

function arnsIn(value: unknown): string[] {
  if (typeof value === 'string') return /^arn:aws[a-z-]*:/.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(arnsIn);
}
