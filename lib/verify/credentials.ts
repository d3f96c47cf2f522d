import { accept, refuse, type Outcome, type Refusal } from '../errors';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** User and password from the environment: a command line is seen by every process, and kept in a shell's history. */
export function resolveCredentials(
  env: Readonly<Record<string, string | undefined>>,
): Outcome<Credentials, Refusal<'no-credentials'>> {
  const { DRILL_DB_USER: user = '', DRILL_DB_PASSWORD: password = '' } = env;
  if (user !== '' && password !== '') return accept({ user, password });
  return refuse({
    reason: 'no-credentials',
    message: `${user === '' ? 'DRILL_DB_USER' : 'DRILL_DB_PASSWORD'} is not set in the environment`,
    hint: 'set DRILL_DB_USER and DRILL_DB_PASSWORD to a user that may read both databases, as it was at the restore point',
  });
}
