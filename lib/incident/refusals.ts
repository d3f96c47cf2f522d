import type { Statement } from '../artefacts';
import type { SourceRefusal } from '../audit/log-source';
import type { Refusal } from '../errors';

export type ResolveReason =
  | 'nothing-found'
  | 'ambiguous'
  | 'rolled-back'
  | 'failed-statement'
  | 'still-open'
  | 'transaction-mode-unknown'
  | 'truncated-statement'
  | 'unparsed-statement'
  | 'no-such-pick'
  | 'several-sessions'
  | 'incomplete-logs'
  | 'invalid-pattern';

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
