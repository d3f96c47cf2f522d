import { AwsError } from './operation';

/** What a Signature Version 4 says of its request: who calls which service of which region. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

const CREDENTIAL = /^([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request$/;

/**
 * Reads the credential scope from the Authorization header or, for presigned requests, from the
 * query. The signature itself is not verified: whoever reaches the loopback address may call.
 * @throws AwsError where the request is not signed
 */
export function parseCredentialScope(
  authorization: string | undefined,
  query: URLSearchParams,
): CredentialScope {
  const credential =
    /^AWS4-HMAC-SHA256 .*Credential=([^,\s]+)/.exec(authorization ?? '')?.[1] ??
    (query.has('X-Amz-Signature') ? query.get('X-Amz-Credential') : null);
  if (credential === null) {
    throw authorization === undefined
      ? new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403)
      : incomplete(`'${authorization.split(' ')[0] ?? ''}' is not AWS4-HMAC-SHA256 with a Credential`);
  }
  const [, accessKeyId, region, service] = CREDENTIAL.exec(credential) ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) {
    throw incomplete(`'${credential}' is not KEY/YYYYMMDD/REGION/SERVICE/aws4_request`);
  }
  return { accessKeyId, region, service };
}

function incomplete(message: string): AwsError {
  return new AwsError('IncompleteSignature', message, 403);
}
