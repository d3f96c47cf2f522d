import { approvedResources } from '../approved';
import { approvedSettings, isSet, sameSetting } from '../approved-settings';
import { answer, notApplicable, type Finding, type Rule } from '../rule';
import { createdResources, isUnknown, show, shownValue, type ResourceChange } from '../terraform-plan';
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
    const resources = approvedResources(approved);
    return answer(
      createdResources(terraform).flatMap((change) => {
        const name = resources.find(
          ({ type, key, name }) => type === change.type && change.change.after?.[key] === name,
        )?.name;
        // one that is not of the plan is refused by another rule
        if (name === undefined) return [];
        return compare(change, approvedSettings(approved.restore, change.type, name) ?? {});
      }),
    );
  },
};

function compare(change: ResourceChange, expected: Readonly<Record<string, unknown>>): Finding[] {
  const { after } = change.change;
  const { address } = change;
  const different = Object.entries(expected).flatMap(([attribute, value]) => {
    // RDS fills in what is not asked for; an unknown value of what is asked for has a rule of its own
    if (isUnknown(change, attribute) || sameSetting(after?.[attribute], value)) return [];
    const found = shownValue(change, attribute, after?.[attribute]);
    return [{ address, problem: `${attribute} is ${found}, expected ${show(value)}` }];
  });
  const further = Object.entries(after ?? {})
    .filter(([attribute, value]) => !(attribute in expected) && !ELSEWHERE.has(attribute) && isSet(value))
    .map(([attribute, value]) => ({
      address,
      problem: `${attribute} is ${shownValue(change, attribute, value)}, expected nothing`,
    }));
  return [...different, ...further];
}
