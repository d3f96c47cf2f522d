import type { OutcomeKind } from './outcome';

export const OUTCOME_WORDS: Readonly<Record<OutcomeKind, string>> = {
  passed: 'Passed',
  verified: 'Verified',
  failed: 'Failed',
  interrupted: 'Interrupted',
  unfinished: 'Not finished',
};
