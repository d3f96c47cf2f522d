import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { IamState } from './services/iam/iam-state';

/** What a shell exports to call as a role. */
export type RoleEnvironment = Readonly<Record<string, string>>;

const SESSION_SECONDS = 12 * 60 * 60;

/** Makes or replaces a role, and hands out credentials of it. @throws Error where the policy is none that can be judged */
export function putRole(name: string, policy: unknown, iam: IamState): { arn: string; env: RoleEnvironment } {
  const role = iam.putRole(name, { [name]: policy });
  const { credentials } = iam.startSession(role, 'sandbox', SESSION_SECONDS);
  return {
    arn: role.arn,
    env: {
      AWS_ACCESS_KEY_ID: credentials.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.SecretAccessKey,
      AWS_SESSION_TOKEN: credentials.SessionToken,
    },
  };
}

/** The policy documents of a folder by the names of their roles: `<role>.json`. */
export function readPolicies(directory: string): Map<string, unknown> {
  const files = readdirSync(directory).filter((file) => file.endsWith('.json'));
  if (files.length === 0) throw new Error(`no policies in '${directory}', expected files named <role>.json`);
  return new Map(
    files.map((file) => {
      const text = readFileSync(path.join(directory, file), 'utf8');
      return [path.basename(file, '.json'), JSON.parse(text) as unknown];
    }),
  );
}
