import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Settings } from './settings';

/** The access key of whoever may do everything. */
export const ADMINISTRATOR_KEY = 'SANDBOXACCESSKEY0000';

const SERVICES = [
  'RDS',
  'SSM',
  'STS',
  'CLOUDWATCH_LOGS',
  'SECRETS_MANAGER',
  'ROUTE_53',
  'APPCONFIG',
  'APPCONFIGDATA',
  'S3',
  'IAM',
];

/**
 * The environment by which any AWS SDK, the AWS CLI and Terraform talk to the sandbox, whatever
 * `outer`, the person's own environment, would have them talk to. Writes an AWS configuration of
 * its own into `directory`, which knows every profile that `outer` names.
 */
export function clientEnvironment(
  endpointUrl: string,
  settings: Settings,
  directory: string,
  outer: NodeJS.ProcessEnv,
): Record<string, string> {
  const keys = { id: ADMINISTRATOR_KEY, secret: 'the-sandbox-verifies-no-signature' };
  const profiles = [
    ...new Set(['default', outer['AWS_PROFILE'], outer['AWS_DEFAULT_PROFILE']].filter(isPresent)),
  ];
  const configFile = path.join(directory, 'aws-config');
  const credentialsFile = path.join(directory, 'aws-credentials');
  writeFileSync(
    configFile,
    profiles
      .map((name) => `[${name === 'default' ? name : `profile ${name}`}]\nregion = ${settings.region}\n`)
      .join('\n'),
  );
  writeFileSync(
    credentialsFile,
    profiles
      .map((name) => `[${name}]\naws_access_key_id = ${keys.id}\naws_secret_access_key = ${keys.secret}\n`)
      .join('\n'),
  );
  const noProxy = [...new Set([outer['NO_PROXY'], outer['no_proxy'], '127.0.0.1,localhost'])]
    .filter(isPresent)
    .join(',');
  return {
    AWS_ENDPOINT_URL: endpointUrl,
    // a service's own variable would win over the general one, and the person may have set it
    ...Object.fromEntries(SERVICES.map((service) => [`AWS_ENDPOINT_URL_${service}`, endpointUrl])),
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
    // only where they must be undone: Terraform's S3 backend takes the latter for true, whatever it says
    ...Object.fromEntries(
      ['AWS_USE_FIPS_ENDPOINT', 'AWS_USE_DUALSTACK_ENDPOINT']
        .filter((name) => isPresent(outer[name]))
        .map((name) => [name, 'false']),
    ),
    AWS_ACCESS_KEY_ID: keys.id,
    AWS_SECRET_ACCESS_KEY: keys.secret,
    AWS_SESSION_TOKEN: '',
    AWS_REGION: settings.region,
    AWS_DEFAULT_REGION: settings.region,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: configFile,
    AWS_SHARED_CREDENTIALS_FILE: credentialsFile,
    AWS_PAGER: '',
    NO_PROXY: noProxy,
    no_proxy: noProxy,
    DRILL_DB_USER: settings.masterUsername,
    DRILL_DB_PASSWORD: settings.masterPassword,
  };
}

/** Writes a file that exports `env` in any POSIX shell, and returns its path. */
export function writeShellFile(env: Readonly<Record<string, string>>, directory: string): string {
  const file = path.join(directory, 'env.sh');
  const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
  const exports = Object.entries(env).map(([name, value]) => `export ${name}=${quote(value)}\n`);
  writeFileSync(file, exports.join(''), { mode: 0o600 });
  return file;
}

function isPresent(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}
