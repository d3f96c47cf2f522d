import type { RepointPlan } from '../../../artefacts/repoint-plan';
import { approvedTarget } from '../approved';
import { answer, notApplicable, type Rule } from '../rule';
import {
  computedAttributes,
  isUnknown,
  managedChanges,
  show,
  shownValue,
  type ResourceChange,
} from '../terraform-plan';

export const repointValues: Rule = {
  name: 'repoint-values',
  title: 'each target gets its approved value, and nothing else of it changes',
  check: ({ terraform, approved }) => {
    if (approved.kind !== 'repoint') return notApplicable('nothing is repointed');
    const { direction, targets } = approved.repoint;
    return answer(
      managedChanges(terraform).flatMap((change) => {
        const { before, after } = change.change;
        const target = targets.find((one) => isOf(change, one));
        // one that is not of the plan is refused by another rule
        if (target === undefined || after === null) return [];
        const expected = valuesOf(target, direction === 'forward' ? target.newValue : target.oldValue);
        const computed = computedAttributes(change, terraform);
        const wrong = [
          ...Object.entries(expected)
            .filter(([attribute, value]) => show(after[attribute]) !== show(value))
            .map(([attribute, value]) =>
              attribute === 'value'
                ? `value is not the approved one, ${show(value)}`
                : `${attribute} is ${shownValue(change, attribute, after[attribute])}, expected ${show(value)}`,
            ),
          ...[...new Set([...Object.keys({ ...before, ...after }), ...computed])]
            .filter((attribute) => !(attribute in expected) && !MIRRORS.includes(attribute))
            .filter((attribute) =>
              // what AWS fills in is unknown before an update of anything
              isUnknown(change, attribute)
                ? computed.includes(attribute)
                : show(before?.[attribute]) !== show(after[attribute]),
            )
            .map(
              (attribute) =>
                `${attribute} changes from ${shownValue(change, attribute, before?.[attribute])} to ${isUnknown(change, attribute) ? 'what is known after the apply only' : shownValue(change, attribute, after[attribute])}`,
            ),
        ];
        return wrong.map((problem) => ({ address: change.address, problem }));
      }),
    );
  },
};

type Target = RepointPlan['targets'][number];

function isOf({ type, change: { after } }: ResourceChange, target: Target): boolean {
  return approvedTarget(target)?.type === type && target.name === after?.['name'];
}

/** Every attribute that decides where the application is led. */
function valuesOf(target: Target, host: string): Readonly<Record<string, unknown>> {
  if (target.kind === 'dns-record') {
    const { zoneId, ttlSeconds } = target;
    return { zone_id: zoneId, type: 'CNAME', ttl: ttlSeconds, records: [host] };
  }
  return { value: host, type: 'String' };
}

/** `insecure_value` is the value again. */
const MIRRORS: readonly string[] = ['insecure_value'];
