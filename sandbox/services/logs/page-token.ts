import { createHash } from 'node:crypto';
import { invalidParameter } from './errors';

/**
 * A token for the next page: a place, bound to what was asked for, so that a token of another
 * request is refused as AWS refuses it.
 */
export function makeToken(request: object, place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([fingerprint(request), ...place])).toString('base64url');
}

/** The place in a token that `makeToken` made for the same request. */
export function readToken(request: object, token: string): (string | number)[] {
  const parsed = parse(Buffer.from(token, 'base64url').toString());
  if (!Array.isArray(parsed) || parsed[0] !== fingerprint(request)) {
    throw invalidParameter('The specified nextToken is invalid.');
  }
  return parsed.slice(1) as (string | number)[];
}

function fingerprint(request: object): string {
  const given = Object.entries(request).filter(([, value]) => value !== undefined);
  return createHash('sha256').update(JSON.stringify(given.sort())).digest('base64url').slice(0, 16);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
