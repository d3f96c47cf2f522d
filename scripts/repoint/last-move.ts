import { readEvenIfStale, type StoredArtefact } from '../../lib/artefact-files';
import type { ArtefactKind } from '../../lib/artefacts/artefact';
import type { RestorePlan } from '../../lib/artefacts/restore-plan';
import { lastMove, type Move } from '../../lib/cutover/last-move';
import { valueOf } from '../../lib/errors';
import { readJournal } from './carry-out';

/** What last brought the application over, or back. `now`: ISO 8601 UTC. */
export function readLastMove(drill: string, restorePlan: RestorePlan, now: string): Move {
  return valueOf(
    lastMove({
      restorePlan,
      repoint: ifThere(drill, 'repointPlan'),
      runs: readJournal(drill)?.runs ?? [],
      swap: ifThere(drill, 'swap'),
      now,
    }),
  );
}

function ifThere<K extends ArtefactKind>(drill: string, kind: K): StoredArtefact<K> | undefined {
  const stored = readEvenIfStale(drill, kind);
  if (!stored.ok && stored.refusal.reason === 'missing-artefact') return undefined;
  return valueOf(stored);
}
