import { AwsError } from './operation';

export const JSON_CONTENT_TYPE = 'application/x-amz-json-1.1';

/** The input of an AWS JSON request; an empty body is an empty input. */
export function parseJsonInput(body: string): unknown {
  if (body === '') return {};
  try {
    return JSON.parse(body);
  } catch {
    throw new AwsError('SerializationException', 'the body of the request is not JSON');
  }
}

/** Times are seconds since the epoch, with their fraction. */
export function renderJsonResult(result: object): string {
  return JSON.stringify(withEpochSeconds(result));
}

export function renderJsonError(error: AwsError): string {
  return JSON.stringify({ __type: error.code, message: error.message, ...error.members });
}

function withEpochSeconds(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(withEpochSeconds);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, withEpochSeconds(field)]));
}
