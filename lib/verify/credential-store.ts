import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Signer } from '@aws-sdk/rds-signer';
import type { Outcome } from '../errors';
import { parseSecretCredentials, type Credentials } from './credentials';
import type { ServerAddress } from './server';

/** Reads `username` and `password` of a secret's current version. */
export async function fetchSecretCredentials(
  secretId: string,
  client = new SecretsManagerClient({}),
): Promise<Outcome<Credentials>> {
  const { SecretString: text = '' } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
  return parseSecretCredentials(secretId, text);
}

/** A token of IAM database authentication: good for 15 minutes, for this server and user. Asks nobody. */
export async function makeAuthToken(
  { host, port }: Pick<ServerAddress, 'host' | 'port'>,
  user: string,
): Promise<Credentials> {
  const signer = new Signer({ hostname: host, port, username: user });
  return { user, password: await signer.getAuthToken() };
}
