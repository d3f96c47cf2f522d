import { answer, notApplicable, type Rule } from '../rule';
import { isUnknown, managedChanges, show, shownValue } from '../terraform-plan';

export const repointValues: Rule = {
  name: 'repoint-values',
  title: 'each target gets its approved value, and nothing else of it changes',
  check: ({ terraform, approved }) => {
    if (approved.kind !== 'repoint') return notApplicable('nothing is repointed');
    const { direction, targets } = approved.repoint;
    return answer(
      managedChanges(terraform).flatMap((change) => {
        const { before, after } = change.change;
        const target = targets.find(({ name }) => name === after?.['name']);
        // one that is not of the plan is refused by another rule
        if (target === undefined || after === null) return [];
        const value = direction === 'forward' ? target.newValue : target.oldValue;
        const wrong = [
          ...(after['value'] === value ? [] : [`value is not the approved one, ${show(value)}`]),
          ...(after['type'] === target.type
            ? []
            : [`type is ${show(after['type'])}, expected ${show(target.type)}`]),
          ...Object.keys({ ...before, ...after })
            .filter((attribute) => !OWN.includes(attribute) && !isUnknown(change, attribute))
            .filter((attribute) => show(before?.[attribute]) !== show(after[attribute]))
            .map(
              (attribute) =>
                `${attribute} changes from ${shownValue(change, attribute, before?.[attribute])} to ${shownValue(change, attribute, after[attribute])}`,
            ),
        ];
        return wrong.map((problem) => ({ address: change.address, problem }));
      }),
    );
  },
};

/** Compared above; `insecure_value` mirrors the value. */
const OWN: readonly string[] = ['value', 'insecure_value', 'type'];
