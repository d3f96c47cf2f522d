import type { OutcomeKind } from './outcome';
import type { JudgedTarget } from './targets';

const OUTCOME_WORDS: Readonly<Record<OutcomeKind, string>> = {
  passed: 'Passed',
  verified: 'Verified',
  failed: 'Failed',
  interrupted: 'Interrupted',
  unfinished: 'Not finished',
};

/** `Passed`, or `Passed, target missed`: nobody who reads one word only shall miss that. */
export function outcomeInWords(kind: OutcomeKind, targets: readonly JudgedTarget[]): string {
  const missed = missedOf(targets).length;
  return `${OUTCOME_WORDS[kind]}${missed === 0 ? '' : missed === 1 ? ', target missed' : ', targets missed'}`;
}

export function missedOf(targets: readonly JudgedTarget[]): readonly JudgedTarget[] {
  return targets.filter(({ verdict }) => verdict === 'missed');
}
