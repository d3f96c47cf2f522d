import type { ReportModel } from './model';

/** What the drill did to the old cluster, as a predicate: `was not changed`. No restore changes it; a fence and an exchange of names do. */
export function oldClusterWords({
  swap,
  fence,
  restorePlan,
}: Pick<ReportModel, 'swap' | 'fence' | 'restorePlan'>): string {
  if (restorePlan?.clusters[0].source.deleted === true) return 'was deleted before this was planned';
  const swapped = swap !== null && swap.startedAt !== null;
  const swappedBack = swapped && swap.direction === 'back' && swap.endedAt !== null;
  const changes = [
    ...(swapped ? [{ what: 'an exchange of names', undone: swappedBack }] : []),
    ...(fence === null ? [] : [{ what: 'a fence', undone: fence.state === 'lifted' }]),
  ];
  const words = (undone: boolean): string =>
    changes
      .filter((change) => change.undone === undone)
      .map(({ what }) => what)
      .join(' and ');
  const [standing, undone] = [words(false), words(true)];
  if (standing === '' && undone === '') return 'was not changed';
  return [
    ...(standing === '' ? [] : [`was changed by ${standing}, which the way back undoes`]),
    ...(undone === '' ? [] : [`was changed by ${undone}, which was undone since`]),
  ].join(', and ');
}

export function isFenced({ fence }: Pick<ReportModel, 'fence'>): boolean {
  return fence !== null && fence.state !== 'lifted';
}
