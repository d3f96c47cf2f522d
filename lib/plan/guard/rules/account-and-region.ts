import { answer, type Finding, type Rule } from '../rule';
import { managedChanges, show, type ResourceChange } from '../terraform-plan';

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
        ...('assume_role' in expressions ? ['assumes another role, expected none'] : []),
      ];
      findings.push(...problems.map((problem) => ({ address: `provider.${key}`, problem })));
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
        ...regionOf(change, region),
      );
    }
    return answer(findings);
  },
};

/** Since version 6 of the provider each resource may be of another region than its provider. */
function regionOf({ address, change }: ResourceChange, region: string): Finding[] {
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
