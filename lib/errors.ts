/** Exit codes of every script; documented in the README. */
export const EXIT = { ok: 0, failure: 1, usage: 2, refused: 3, nothingFound: 4 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * An expected "no": the step could have gone wrong and did not go on. It is data, never thrown
 * inside lib, so that a caller can switch over `reason`.
 *
 * `message` names the wrong value and what was expected: lower case, no full stop.
 * `hint` is the next thing that a person can do.
 */
export interface Refusal<Reason extends string = string> {
  readonly reason: Reason;
  readonly message: string;
  readonly hint: string;
}

export type Outcome<T, R extends Refusal = Refusal> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: R };

export function accept<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function refuse<R extends Refusal>(refusal: R): { readonly ok: false; readonly refusal: R } {
  return { ok: false, refusal };
}

/** Carries a refusal through code that can only throw (CDKTF synthesis, callbacks); scripts print it as a refusal. */
export class RefusalError extends Error {
  constructor(readonly refusal: Refusal) {
    super(`${refusal.message}\n  next: ${refusal.hint}`);
    this.name = 'RefusalError';
  }
}

/** The value of an outcome; throws its refusal. For scripts and synthesis, where a refusal ends the run. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new RefusalError(outcome.refusal);
}

/** Ends every switch over a closed union: a new member then fails to compile. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}

/** The message of anything thrown, for a line that a person reads. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
