import type { PlannedCluster } from '../artefacts/restore-plan';

/** Settings that a backup tells of a deleted cluster; the others were chosen, or are off. */
const TOLD_BY_BACKUPS = ['encryption key', 'port', 'IAM authentication', 'storage', 'tags'];

/** Where a setting of the restored cluster comes from, in a word or two: `as the source`, or not. */
export function originOfSetting(
  { source, differences }: Pick<PlannedCluster, 'source' | 'differences'>,
  setting: string,
): string {
  // "parameter group of …" is an instance's, "storage is not encrypted …" is about something else
  const named = new RegExp(`^${setting} (?!of |is ).* \\(the source has `);
  const chosen = differences.some((difference) => named.test(difference));
  if (chosen) return 'chosen, not as the source';
  if (source.deleted && !TOLD_BY_BACKUPS.includes(setting)) return 'chosen: no backup tells';
  return 'as the source';
}
