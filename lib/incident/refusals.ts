import type { Statement } from '../artefacts/incident';
import type { SourceRefusal } from '../audit/log-source';
import type { Refusal } from '../errors';

export type ResolveReason =
  | 'nothing-found'
  | 'ambiguous'
  | 'rolled-back'
  | 'failed-statement'
  | 'still-open'
  | 'transaction-mode-unknown'
  | 'outcome-unknown'
  | 'ambiguous-time'
  | 'truncated-statement'
  | 'unparsed-statement'
  | 'unclear-condition'
  | 'no-such-pick'
  | 'several-sessions'
  | 'incomplete-logs';

/** A refusal with the statements that it is about, for a person to choose from. */
export interface ResolveRefusal extends Refusal<ResolveReason | SourceRefusal['reason']> {
  readonly candidates: readonly RefusedCandidate[];
}

export type RefusedCandidate = Statement & {
  /** What `--pick` takes. */
  readonly number: number;
  /** What became of it, in words. */
  readonly fate: string;
};
