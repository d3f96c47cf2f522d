import type { z } from 'zod';
import { AwsError, notImplemented, type Operation } from './operation';

/** Which code a service answers a malformed request with. */
export interface InvalidInputCodes {
  readonly missing: string;
  readonly invalid: string;
}

/**
 * The input as the operation's schema reads it. A custom message of the schema is answered as it
 * is, since it is AWS's own.
 * @throws AwsError naming the parameter
 */
export function checkInput<Input>(
  operation: Operation<never, Input>,
  input: unknown,
  serviceName: string,
  codes: InvalidInputCodes,
): Input {
  const checked = operation.input.safeParse(input, { reportInput: true });
  if (checked.success) return checked.data;
  throw explain(firstIssue(checked.error), `${serviceName} ${operation.name}`, codes);
}

/** What is missing in the sandbox comes first: the rest may follow from it. */
function firstIssue(error: z.ZodError): z.core.$ZodIssue {
  const issue = error.issues.find(({ code }) => code === 'unrecognized_keys') ?? error.issues[0];
  if (issue === undefined) throw new Error('a failed parse without an issue');
  return issue;
}

function explain(issue: z.core.$ZodIssue, where: string, codes: InvalidInputCodes): AwsError {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => [...path, key].join('.'));
    return notImplemented(`the parameter ${names.join(', ')} of ${where}`);
  }
  const parameter = path.join('.');
  if (issue.code === 'custom') return new AwsError(codes.invalid, issue.message);
  if (issue.input === undefined) {
    return new AwsError(codes.missing, `The request must contain the parameter ${parameter}`);
  }
  return new AwsError(
    codes.invalid,
    `Invalid value ${JSON.stringify(issue.input)} for the parameter ${parameter}: ${issue.message}`,
  );
}
