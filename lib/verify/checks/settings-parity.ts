import type { PlannedCluster } from '../../artefacts/restore-plan';
import type { SourceCluster } from '../../plan/source-cluster';
import type { Check } from '../check';
import { compareSettings, type SettingDifference } from '../setting-differences';

/** What RDS shows of both sides; the source is undefined where it is deleted, or not to be looked at. */
export interface SettingsFacts {
  readonly planned: PlannedCluster;
  readonly restored: SourceCluster;
  readonly source: SourceCluster | undefined;
  /** Parameter groups of the restored cluster that do not apply before a reboot, in words. */
  readonly pendingReboot: readonly string[];
}

export const SETTINGS_PARITY = 'settings-parity';

/** The one check that asks RDS and not the database. */
export function settingsParity({ planned, restored, source, pendingReboot }: SettingsFacts): Check {
  return {
    name: SETTINGS_PARITY,
    title: 'every setting is as planned, and otherwise as on the source',
    run: () => {
      const { compared, differences } = compareSettings(planned, restored, source);
      const intended = differences.filter((one) => one.intended);
      const unintended = differences.filter((one) => !one.intended);
      const against = source === undefined ? 'the plan' : 'the plan and the source';
      return Promise.resolve({
        verdict: unintended.length === 0 ? 'pass' : 'fail',
        evidence: [
          ...unintended.map((one) => `not intended: ${describe(one)}, expected ${one.expected}`),
          `${compared} settings compared with ${against}: ${unintended.length} unintended and ${intended.length} intended differences`,
          ...intended.map((one) => `intended: ${describe(one)}`),
          ...pendingReboot.map((group) => `to note: ${group} applies after a reboot only`),
        ],
      });
    },
  };
}

function describe({ setting, found, source }: SettingDifference): string {
  return `${setting}: ${found}${source === undefined || source === found ? '' : ` (source: ${source})`}`;
}
