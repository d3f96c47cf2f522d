import { accept, refuse, type Outcome, type Refusal } from '../errors';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Where user and password of the databases come from. */
export type CredentialSource =
  | { readonly kind: 'environment'; readonly credentials: Credentials }
  /** Name or ARN of a secret with `username` and `password`, such as the one that RDS manages. */
  | { readonly kind: 'secret'; readonly secretId: string }
  /** IAM database authentication: a token for each server takes the place of a password. */
  | { readonly kind: 'iam'; readonly user: string };

type Environment = Readonly<Record<string, string | undefined>>;

const CHOICES = ['DRILL_DB_PASSWORD', 'DRILL_DB_SECRET', 'DRILL_DB_IAM_USER'] as const;

/**
 * By environment variables alone: a command line is seen by every process, and kept in a shell's
 * history. Two sources at once are refused, since nobody could tell which of them was used.
 */
export function resolveCredentialSource(
  env: Environment,
): Outcome<CredentialSource, Refusal<'no-credentials' | 'several-credentials'>> {
  const set = CHOICES.filter((name) => (env[name] ?? '') !== '');
  const { DRILL_DB_USER: user = '', DRILL_DB_PASSWORD: password = '' } = env;
  const { DRILL_DB_SECRET: secretId = '', DRILL_DB_IAM_USER: iamUser = '' } = env;
  if (set.length > 1) {
    return refuse({
      reason: 'several-credentials',
      message: `${set.join(' and ')} are set at once`,
      hint: 'unset all but one: a password, a secret, or a user of IAM authentication',
    });
  }
  if (secretId !== '') return accept({ kind: 'secret', secretId });
  if (iamUser !== '') return accept({ kind: 'iam', user: iamUser });
  if (user !== '' && password !== '') {
    return accept({ kind: 'environment', credentials: { user, password } });
  }
  return refuse({
    reason: 'no-credentials',
    message: `${user === '' ? 'DRILL_DB_USER' : 'DRILL_DB_PASSWORD'} is not set in the environment`,
    hint: 'set DRILL_DB_USER and DRILL_DB_PASSWORD, or DRILL_DB_SECRET, or DRILL_DB_IAM_USER: a user that may read both databases, as it was at the restore point',
  });
}

/** Out of a secret's text. What a refusal says never holds any of it. */
export function parseSecretCredentials(
  secretId: string,
  text: string,
): Outcome<Credentials, Refusal<'no-credentials-in-secret'>> {
  const content = parsedObject(text);
  const { username: user, password } = content ?? {};
  if (typeof user === 'string' && user !== '' && typeof password === 'string' && password !== '') {
    return accept({ user, password });
  }
  return refuse({
    reason: 'no-credentials-in-secret',
    message: `secret '${secretId}' is not JSON with username and password`,
    hint: 'name a secret such as the one that RDS manages for a master user: {"username": …, "password": …}',
  });
}

function parsedObject(text: string): Record<string, unknown> | undefined {
  try {
    const content: unknown = JSON.parse(text);
    return typeof content === 'object' && content !== null ? { ...content } : undefined;
  } catch {
    return undefined;
  }
}
