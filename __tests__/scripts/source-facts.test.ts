import type { ClusterSnapshot, RetainedBackup } from '../../lib/plan/backups';
import { accept, refuse } from '../../lib/errors';
import type { SourceCluster } from '../../lib/plan/source-cluster';
import { fetchSourceFacts, type SourceQuestion } from '../../scripts/plan/source-facts';
import { at, backedUpCluster, CHOICES, retainedBackup, snapshot, sourceCluster } from '../lib/plan/facts';

const question: SourceQuestion = {
  clusterIdentifier: 'trading',
  resourceId: undefined,
  restoreTo: at('2026-01-08T10:12:13Z'),
  method: undefined,
  choices: CHOICES,
  instanceClass: 'db.r7g.large',
  now: at('2026-01-08T10:30:00Z'),
};
const tooOld = { earliestRestorableAt: at('2026-01-08T10:20:00Z') };

/** An account with these in it, and what it was asked for. */
function account(
  found: { living?: SourceCluster; backups?: RetainedBackup[]; snapshots?: ClusterSnapshot[] },
  asked: string[] = [],
): [Parameters<typeof fetchSourceFacts>[0], Parameters<typeof fetchSourceFacts>[1]] {
  const { living, backups = [], snapshots = [] } = found;
  const note = <T>(what: string, answer: T): Promise<T> => {
    asked.push(what);
    return Promise.resolve(answer);
  };
  const none = refuse({ reason: 'cluster-not-found', message: 'none', hint: '' } as const);
  return [
    { fetchCluster: () => note('cluster', living === undefined ? none : accept(living)) } as never,
    {
      fetchBackups: () => note('backups', backups),
      fetchSnapshots: () => note('snapshots', snapshots),
      fetchSnapshot: (_: string, arn: string) => note(`snapshot ${arn}`, snapshots[0]),
    } as never,
  ];
}

async function facts(
  found: Parameters<typeof account>[0],
  over: Partial<SourceQuestion> = {},
): Promise<{ asked: string[]; source?: SourceCluster; snapshots?: number; refused?: string }> {
  const asked: string[] = [];
  const outcome = await fetchSourceFacts(...account(found, asked), { ...question, ...over });
  if (!outcome.ok) return { asked, refused: outcome.refusal.reason };
  const { source, snapshots } = outcome.value;
  return { asked, source, ...(snapshots === undefined ? {} : { snapshots: snapshots.length }) };
}

test('a living cluster inside its window needs nothing else', async () => {
  const living = sourceCluster();
  expect(await facts({ living })).toEqual({ asked: ['cluster'], source: living });
});

test('its snapshots are read where the window does not reach back', async () => {
  const living = sourceCluster(tooOld);
  expect(await facts({ living, snapshots: [snapshot()] })).toMatchObject({
    asked: ['cluster', 'snapshots'],
    snapshots: 1,
  });
});

test('a snapshot that is named by its ARN is asked for by that', async () => {
  const method = { kind: 'snapshot', snapshot: 'arn:other-account' } as const;
  expect(await facts({ living: sourceCluster(), snapshots: [snapshot()] }, { method })).toMatchObject({
    asked: ['cluster', 'snapshot arn:other-account'],
    snapshots: 1,
  });
});

test('a deleted cluster is told of by its retained backups', async () => {
  expect(await facts({ backups: [retainedBackup()] })).toMatchObject({
    asked: ['cluster', 'backups'],
    source: { deleted: true, resourceId: 'cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ' },
  });
});

test('where no backups are retained, by a snapshot', async () => {
  expect(await facts({ snapshots: [snapshot()] })).toMatchObject({
    asked: ['cluster', 'backups', 'snapshots', 'snapshots'],
    source: { deleted: true, earliestRestorableAt: null },
    snapshots: 1,
  });
});

test('a resource id comes before a living cluster of that name', async () => {
  const resourceId = 'cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  expect(await facts({ living: sourceCluster(), backups: [retainedBackup()] }, { resourceId })).toMatchObject(
    { asked: ['backups'], source: { deleted: true } },
  );
});

test.each<[string, Parameters<typeof account>[0], Partial<SourceQuestion>, string]>([
  ['nothing is left of it', {}, {}, 'cluster-not-found'],
  ['nothing was chosen', { backups: [retainedBackup()] }, { choices: {} }, 'choices-missing'],
  ['there are no backups of a resource id', {}, { resourceId: 'cluster-X' }, 'no-such-backup'],
  [
    'the cluster of a resource id lives',
    { backups: [retainedBackup({ status: 'active' })] },
    { resourceId: 'cluster-X' },
    'no-such-backup',
  ],
  [
    'two deleted clusters had the name',
    { backups: [retainedBackup(), retainedBackup()] },
    {},
    'several-backups',
  ],
  [
    'the backups of a resource id are of another cluster',
    { backups: [retainedBackup({ cluster: backedUpCluster({ identifier: 'orders' }) })] },
    { resourceId: 'cluster-X' },
    'another-cluster',
  ],
  [
    'the snapshot that is named is of another cluster',
    { snapshots: [snapshot({ cluster: backedUpCluster({ identifier: 'orders' }) })] },
    { method: { kind: 'snapshot', snapshot: 'arn:orders' } },
    'another-cluster',
  ],
])('is refused where %s', async (_, found, over, reason) => {
  expect((await facts(found, over)).refused).toBe(reason);
});
