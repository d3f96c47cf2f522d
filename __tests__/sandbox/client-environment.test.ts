import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { clientEnvironment, writeShellFile } from '../../sandbox/client-environment';
import { defaultSettings } from '../../sandbox/settings';

const folder = mkdtempSync(path.join(tmpdir(), 'client-environment-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const environment = (outer: NodeJS.ProcessEnv): Record<string, string> =>
  clientEnvironment('http://127.0.0.1:1', { ...defaultSettings(), masterPassword: 'secret' }, folder, outer);

test('every service leads to the sandbox, by its own variable too', () => {
  const env = environment({ AWS_ENDPOINT_URL_RDS: 'https://rds.example.com' });
  const endpoints = Object.entries(env).filter(([name]) => name.startsWith('AWS_ENDPOINT_URL'));
  expect(endpoints.map(([name]) => name)).toEqual([
    'AWS_ENDPOINT_URL',
    'AWS_ENDPOINT_URL_RDS',
    'AWS_ENDPOINT_URL_SSM',
    'AWS_ENDPOINT_URL_STS',
    'AWS_ENDPOINT_URL_CLOUDWATCH_LOGS',
    'AWS_ENDPOINT_URL_SECRETS_MANAGER',
    'AWS_ENDPOINT_URL_ROUTE_53',
    'AWS_ENDPOINT_URL_APPCONFIG',
    'AWS_ENDPOINT_URL_APPCONFIGDATA',
    'AWS_ENDPOINT_URL_S3',
    'AWS_ENDPOINT_URL_IAM',
  ]);
  expect(new Set(endpoints.map(([, url]) => url))).toEqual(new Set(['http://127.0.0.1:1']));
  expect(env).toMatchObject({ AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false', AWS_SESSION_TOKEN: '' });
});

test('the profiles that the person’s shell names exist, with the sandbox’s own keys', () => {
  const env = environment({ AWS_PROFILE: 'work', AWS_DEFAULT_PROFILE: '' });
  expect(readFileSync(env['AWS_CONFIG_FILE'] ?? '', 'utf8')).toBe(
    '[default]\nregion = us-east-2\n\n[profile work]\nregion = us-east-2\n',
  );
  const credentials = readFileSync(env['AWS_SHARED_CREDENTIALS_FILE'] ?? '', 'utf8');
  expect(credentials).toContain(`[work]\naws_access_key_id = ${env['AWS_ACCESS_KEY_ID'] ?? ''}\n`);
});

test('hosts that the person reaches without a proxy stay so', () => {
  const env = environment({ NO_PROXY: 'example.com', no_proxy: 'example.com' });
  expect([env['NO_PROXY'], env['no_proxy']]).toEqual(Array(2).fill('example.com,127.0.0.1,localhost'));
});

test('a value with quotes, blanks and dollars is quoted for the shell', () => {
  const file = writeShellFile({ A: `it's "$HOME" \\ & two words` }, folder);
  expect(readFileSync(file, 'utf8')).toBe(`export A='it'\\''s "$HOME" \\ & two words'\n`);
});
