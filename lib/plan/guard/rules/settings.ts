import { plannedClusterOf } from '../approved';
import { approvedSettings, isSet, sameSetting } from '../approved-settings';
import { answer, notApplicable, type Finding, type Rule } from '../rule';
import {
  computedAttributes,
  configuredAttributes,
  createdResources,
  isUnknown,
  show,
  shownValue,
  type ResourceChange,
} from '../terraform-plan';
import { RESTORE_POINT_ATTRIBUTES } from './restore-point';

/** Attributes for which another rule answers. */
const ELSEWHERE = new Set([
  ...RESTORE_POINT_ATTRIBUTES,
  'vpc_security_group_ids',
  'kms_key_id',
  'storage_encrypted',
  'publicly_accessible',
  'region',
]);

export const settings: Rule = {
  name: 'settings',
  title: 'every setting is as approved, and nothing else is set',
  check: ({ terraform, approved }) => {
    if (approved.kind !== 'restore') return notApplicable('nothing is restored');
    return answer(
      createdResources(terraform).flatMap((change) => {
        const planned = plannedClusterOf(change, terraform, approved.restore);
        const expected = planned && approvedSettings(planned, change);
        // one that is not of the plan is refused by another rule
        return expected === undefined
          ? []
          : compare(
              change,
              expected,
              configuredAttributes(change, terraform),
              computedAttributes(change, terraform),
            );
      }),
    );
  },
};

function compare(
  change: ResourceChange,
  expected: Readonly<Record<string, unknown>>,
  configured: readonly string[],
  computed: readonly string[],
): Finding[] {
  const { after } = change.change;
  const { address } = change;
  const different = Object.entries(expected).flatMap(([attribute, value]) => {
    if (isUnknown(change, attribute)) {
      // RDS fills in what is not asked for; an unknown value of what was approved has a rule of its own
      if (isSet(value) || !computed.includes(attribute)) return [];
      return [{ address, problem: `${attribute} is known after the apply only, expected nothing` }];
    }
    if (sameSetting(after?.[attribute], value)) return [];
    const found = shownValue(change, attribute, after?.[attribute]);
    return [{ address, problem: `${attribute} is ${found}, expected ${show(value)}` }];
  });
  const notApproved = ([attribute]: [string, unknown]): boolean =>
    !(attribute in expected) && !ELSEWHERE.has(attribute);
  const set = Object.entries(after ?? {}).filter(([, value]) => isSet(value));
  const further = set.filter(notApproved).map(([attribute, value]) => ({
    address,
    problem: `${attribute} is ${shownValue(change, attribute, value)}, expected nothing`,
  }));
  const unseen = [...new Set([...configured, ...computed])]
    .map((attribute): [string, unknown] => [attribute, undefined])
    .filter(notApproved)
    .filter(([attribute]) => !set.some(([seen]) => seen === attribute))
    .map(([attribute]) => ({ address, problem: `${attribute} is given a value, expected nothing` }));
  return [...different, ...further, ...unseen];
}
