import { AwsError } from './operation';

export const JSON_CONTENT_TYPE = 'application/x-amz-json-1.1';

/** The input of an AWS JSON request; an empty body is an empty input. */
export function parseJsonInput(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('SerializationException', 'the body of the request is not JSON');
  }
}

/** The same where it must be an object, as it is in the REST protocol. */
export function parseJsonMembers(body: Buffer): Readonly<Record<string, unknown>> {
  const input = parseJsonInput(body);
  if (typeof input === 'object' && input !== null) return input as Record<string, unknown>;
  throw new AwsError('SerializationException', 'the body of the request is no JSON object');
}

/** Times are seconds since the epoch, with their fraction; bytes are base64. */
export function renderJsonResult(result: object): string {
  return JSON.stringify(withEpochSeconds(result));
}

export function renderJsonError(error: AwsError): string {
  return JSON.stringify({ __type: error.code, message: error.message, ...error.members });
}

function withEpochSeconds(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(withEpochSeconds);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, withEpochSeconds(field)]));
}
