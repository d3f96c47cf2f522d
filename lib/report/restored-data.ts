import { unreachable } from '../errors';
import type { Verification } from '../artefacts/verification';

type Check = Verification['clusters'][number]['checks'][number];

/** What may be said of the data in the restored cluster; nothing of it is known before its checks. */
export interface RestoredData {
  /** When the snapshot was made that is restored; null where the data is as of the restore point. */
  readonly snapshotAt: string | null;
  readonly isVerified: boolean;
  /** Whether the checks that speak of the restore point say that it was the right one. */
  readonly agreement: 'agrees' | 'disagrees' | 'unknown';
}

export function restoredDataOf({
  snapshotAt,
  verification,
}: {
  readonly snapshotAt: string | null;
  readonly verification: Verification | null;
}): RestoredData {
  return { snapshotAt, isVerified: verification !== null, agreement: agreementOf(verification) };
}

/** The checks that could tell something: a report counts no others. */
export function appliedChecks(verification: Verification): readonly Check[] {
  return verification.clusters
    .flatMap(({ checks }) => checks)
    .filter(({ verdict }) => verdict !== 'not-applicable');
}

/** Checks of `npm run verify` that speak of the restore point itself. */
const TELLING = ['damage-absent', 'restore-point'];

export function tellingChecks(verification: Verification): readonly Check[] {
  return appliedChecks(verification).filter(({ name }) => TELLING.includes(name));
}

function agreementOf(verification: Verification | null): RestoredData['agreement'] {
  const telling = verification === null ? [] : tellingChecks(verification);
  if (telling.length === 0) return 'unknown';
  return telling.some(({ verdict }) => verdict === 'fail') ? 'disagrees' : 'agrees';
}

/** `kept`, said of what was committed until the restore point, only where the checks bear it out. */
export function keptWords({ agreement }: RestoredData): string {
  switch (agreement) {
    case 'agrees':
      return 'is kept';
    case 'unknown':
      return 'is to be kept';
    case 'disagrees':
      return 'was to be kept, and the checks of the restored data disagree';
    default:
      return unreachable(agreement);
  }
}
