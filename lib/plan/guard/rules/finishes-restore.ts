import { plannedClusterOf } from '../approved';
import { approvedSettings, sameSetting } from '../approved-settings';
import { answer, notApplicable, type Finding, type Rule } from '../rule';
import {
  computedAttributes,
  configuredAttributes,
  isUnknown,
  managedChanges,
  show,
  shownValue,
} from '../terraform-plan';
import { drillTagOf, TAG } from './made-by-this-drill';
import { RESTORE_POINT_ATTRIBUTES } from './restore-point';

/** What the stack configures beside the settings: what filled the cluster, and its key. */
const APPROVED_ONCE = new Set([...RESTORE_POINT_ATTRIBUTES, 'kms_key_id']);

/**
 * An apply that was cut short can leave a cluster without what RDS takes only after the restore,
 * such as its backup retention: the next one brings that up in place.
 */
export const finishesRestore: Rule = {
  name: 'finishes-restore',
  title: 'an update in place gives what this drill has restored its approved settings, and no others',
  check: ({ terraform, approved }) => {
    if (approved.kind !== 'restore') return notApplicable('nothing is restored');
    const updated = managedChanges(terraform).filter(({ change }) => change.actions.includes('update'));
    if (updated.length === 0) return notApplicable('nothing is updated');
    const { drill } = approved.restore;
    return answer(
      updated.flatMap((one): Finding[] => {
        const { address, change } = one;
        const madeBy = drillTagOf(one);
        if (madeBy !== drill) {
          return [{ address, problem: `its tag ${TAG} is ${show(madeBy)}, expected ${show(drill)}` }];
        }
        const planned = plannedClusterOf(one, terraform, approved.restore);
        const expected: Readonly<Record<string, unknown>> = {
          ...(planned && approvedSettings(planned, one)),
          vpc_security_group_ids: planned?.restored.securityGroupIds,
          publicly_accessible: false,
        };
        const { before, after } = change;
        const configured = configuredAttributes(one, terraform);
        const computed = computedAttributes(one, terraform);
        // what RDS only tells is not known before, and none of what was approved
        const wrong = Object.keys({ ...before, ...after })
          .filter((attribute) => !sameSetting(before?.[attribute], after?.[attribute]))
          .filter((attribute) => attribute in expected || !isUnknown(one, attribute))
          .filter(
            (attribute) =>
              !(attribute in expected) ||
              isUnknown(one, attribute) ||
              !sameSetting(after?.[attribute], expected[attribute]),
          );
        const notApproved = configured.filter(
          (attribute) => !(attribute in expected) && !APPROVED_ONCE.has(attribute),
        );
        const unseen = [...new Set([...computed, ...notApproved])].filter(
          (attribute) => !wrong.includes(attribute),
        );
        return [
          ...wrong.map((attribute) => ({
            address,
            problem: `${attribute} becomes ${shownValue(one, attribute, after?.[attribute])}, expected ${show(expected[attribute])}`,
          })),
          ...unseen.map((attribute) => ({
            address,
            problem: `${attribute} is given a value that the plan does not show, expected ${show(expected[attribute])}`,
          })),
        ];
      }),
    );
  },
};
