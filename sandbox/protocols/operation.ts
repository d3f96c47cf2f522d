import type { z } from 'zod';
import type { HttpBinding } from './http-binding';

/** Who a request is signed by, and what it was signed with. */
export interface Caller {
  readonly accessKeyId: string;
}

/**
 * One operation of an emulated service: one file, one object. The protocol layer checks `input`
 * (strict: a parameter that is not listed there is answered with an error, never ignored) and
 * writes what `run` returns in the service's wire format, leaving out what is undefined.
 */
export interface Operation<State, Input = unknown> {
  /** AWS's own name, such as `StartQuery`. */
  readonly name: string;
  readonly input: z.ZodType<Input>;
  /** How a service with a REST protocol is called. */
  readonly http?: HttpBinding;
  run(input: Input, state: State, caller: Caller): Promise<object> | object;
}

/** Keeps the input's type inside the file that defines the operation. */
export function operation<State, Input>(definition: Operation<State, Input>): Operation<State> {
  return definition;
}

/** An error as AWS answers it: its own code, HTTP status and message, and the error shape's further members. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    readonly members: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'AwsError';
  }
}

/** What the sandbox lacks. 501, because no SDK repeats a call that was answered so. */
export function notImplemented(what: string): AwsError {
  return new AwsError('NotImplemented', `the sandbox does not implement ${what}; see sandbox/SPEC.md`, 501);
}
