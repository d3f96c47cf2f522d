import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { parseArtefact } from '../../lib/artefacts/artefact';
import { valueOf } from '../../lib/errors';
import { CASES } from '../cases/run-case';

/** `npm run resolve` as a person or a program calls it: exit codes, what is printed where, what is written. */
jest.setTimeout(20 * 60_000);

const SCRIPT = path.resolve('scripts/resolve-incident.ts');
const TSX = pathToFileURL(require.resolve('tsx')).href;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'resolve-command-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function logOf(name: string): string {
  return path.join(CASES, name, 'audit.log');
}

async function resolve(
  args: readonly string[],
  input = '',
  { beforeInput, env }: { beforeInput?: () => void; env?: NodeJS.ProcessEnv } = {},
): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  const all = ['--import', TSX, SCRIPT, '--cluster', 'trading', '--source', 'file', ...args];
  const child = spawn(process.execPath, all, {
    cwd: directory,
    stdio: 'pipe',
    env: { ...process.env, ...env },
  });
  if (beforeInput !== undefined) {
    await once(child.stderr, 'data');
    beforeInput();
  }
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { exitCode: child.exitCode, stdout, stderr };
}

test('resolved: one JSON object on standard output, nothing written', async () => {
  const { exitCode, stdout } = await resolve(['--log-file', logOf('autocommit-delete'), '--json']);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    schemaVersion: 1,
    cluster: 'trading',
    statement: { kind: 'delete-without-where' },
    restoreTo: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as unknown,
    coverage: {
      serverHosts: ['inst-1'],
      warnings: expect.arrayContaining([
        expect.stringContaining('only the instances whose records are in the files are known'),
      ]) as unknown,
    },
  });
  expect(readdirSync(directory)).toEqual([]);
});

test('for people: the answer on standard output, words on standard error', async () => {
  const { exitCode, stdout, stderr } = await resolve(['--log-file', logOf('autocommit-delete')]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^restore to +2023-12-29T02:43:24Z$/m);
  expect(stdout).not.toContain('…');
  expect(stderr).toContain('resolving the incident of trading');
});

test('with --drill it writes the incident, digest and all', async () => {
  mkdirSync(path.join(directory, 'drills', 'incident-1'), { recursive: true });
  const { exitCode, stderr } = await resolve([
    '--log-file',
    logOf('autocommit-delete'),
    '--drill',
    'incident-1',
  ]);
  const file = path.join(directory, 'drills', 'incident-1', 'incident.json');
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(valueOf(parseArtefact('incident', readFileSync(file, 'utf8'))).restoreTo).toBe(
    '2023-12-29T02:43:24Z',
  );
  expect(stderr).toContain('next: npm run plan -- --drill incident-1');
});

test.each([
  { name: 'two-candidates', code: 3, reason: 'ambiguous' },
  { name: 'rolled-back', code: 3, reason: 'rolled-back' },
  { name: 'harmless-where', code: 4, reason: 'nothing-found' },
  { name: 'empty-log', code: 4, reason: 'no-records' },
])('refused as $reason: exit code $code and the reason as JSON', async ({ name, code, reason }) => {
  const { exitCode, stdout, stderr } = await resolve(['--log-file', logOf(name), '--json']);
  expect(exitCode).toBe(code);
  expect(JSON.parse(stdout)).toMatchObject({ refused: { reason, hint: expect.any(String) as unknown } });
  expect(stderr).toMatch(/^refused: .*\n {2}next: /m);
});

test('several candidates are shown as a table to choose from', async () => {
  const { stdout } = await resolve(['--log-file', logOf('two-candidates')]);
  const [header = '', first = '', second = ''] = stdout.split('\n');
  expect(header.split(/ {2,}/)).toEqual([
    ...['pick', 'time', 'user', 'connection', 'kind', 'outcome', 'statement'],
  ]);
  expect(first).toMatch(/^1 .*DELETE FROM accounts$/);
  expect(second).toMatch(/^2 .*DELETE FROM positions$/);
});

test('wrong usage: exit code 2 and what is wrong', async () => {
  const { exitCode, stdout, stderr } = await resolve(['--log-file', 'x', '--since', '2026-01-08T10:00:00']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain('has no time zone');
});

test.each([[['--since', '2026-01-08T10:00:00']], [['--no-such-option']]])(
  'wrong usage with --json: one object all the same: %j',
  async (args) => {
    const { exitCode, stdout } = await resolve(['--json', '--log-file', 'x', ...args]);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      error: { message: expect.any(String) as unknown, hint: expect.any(String) as unknown },
    });
  },
);

test('an unexpected failure with --json: one object all the same', async () => {
  const env = {
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  const args = ['--json', '--source', 'cloudwatch', '--since', '1h'];
  const { exitCode, stdout, stderr } = await resolve(args, '', { env });
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 1 });
  expect(JSON.parse(stdout)).toEqual({
    error: {
      message: expect.stringContaining('ECONNREFUSED') as unknown,
      hint: expect.stringContaining('http://127.0.0.1:1') as unknown,
    },
  });
});

test('a region that nobody set: what to set', async () => {
  const none = { AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined, AWS_CONFIG_FILE: '/dev/null' };
  const { exitCode, stderr } = await resolve(['--source', 'cloudwatch'], '', { env: none });
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 1 });
  expect(stderr).toContain('set AWS_REGION');
});

// no file can be made in /proc, whoever asks
test.each(['.', 'nowhere/lost.sql', '/proc/lost.sql'])(
  'an export to %s is refused before the work, and leaves nothing',
  async (place) => {
    const { exitCode, stderr } = await resolve(['--log-file', logOf('lost-writes'), '--export', place]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 3 });
    expect(stderr).toContain(`'${place}'`);
    expect(readdirSync(directory)).toEqual([]);
  },
);

test('a file that cannot be read is refused', async () => {
  const { exitCode, stderr } = await resolve(['--log-file', 'nowhere.log']);
  expect(exitCode).toBe(3);
  expect(stderr).toContain('nowhere.log');
});

test.each([
  ['none at all', Buffer.from('none')],
  ['empty', Buffer.alloc(0)],
  ['cut', gzipSync(readFileSync(logOf('lost-writes'))).subarray(0, 200)],
])('a .gz file that is %s is refused by its name', async (_, content) => {
  const file = path.join(directory, 'x.gz');
  writeFileSync(file, content);
  const { exitCode, stdout, stderr } = await resolve(['--log-file', file, '--json']);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 3 });
  expect(JSON.parse(stdout)).toMatchObject({
    refused: { reason: 'no-log-file', message: expect.stringContaining(file) as unknown },
  });
});

test.each(['--margin', '--since'])('%s of more than any log: wrong usage', async (option) => {
  const { exitCode, stderr } = await resolve([
    '--log-file',
    logOf('autocommit-delete'),
    option,
    '99999999999999d',
  ]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('is longer than 50 years');
});

test('reads standard input, and leaves nothing of it behind', async () => {
  const before = readdirSync(tmpdir());
  const lines = readFileSync(logOf('autocommit-delete'), 'utf8');
  const { exitCode, stdout } = await resolve(['--log-file', '-', '--json'], lines);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ restoreTo: '2023-12-29T02:43:24Z' });
  const left = readdirSync(tmpdir()).filter(
    (name) => !before.includes(name) && /resolve|stdin|spool/.test(name),
  );
  expect(left).toEqual([]);
});

test('exports the lost writes in the order of their commits, with their values', async () => {
  const file = path.join(directory, 'lost.sql');
  const { exitCode, stderr } = await resolve(['--log-file', logOf('lost-writes'), '--export', file]);
  expect(exitCode).toBe(0);
  const exported = readFileSync(file, 'utf8');
  const commits = [...exported.matchAll(/^-- committed (\S+) by/gm)].map(([, at]) => at);
  expect(commits.length).toBeGreaterThan(1);
  expect(commits).toEqual(commits.toSorted());
  expect(exported).not.toContain('DELETE FROM accounts;');
  expect(stderr).toContain(`wrote ${commits.length} lost writes to ${file}, with their values`);
  expect(existsSync(path.join(directory, 'drills'))).toBe(false);
});

test('an export that fails in the end costs its file, not the answer', async () => {
  const folder = path.join(directory, 'exports');
  mkdirSync(folder);
  const { exitCode, stdout, stderr } = await resolve(
    ['--log-file', '-', '--json', '--export', path.join(folder, 'lost.sql')],
    readFileSync(logOf('lost-writes'), 'utf8'),
    {
      beforeInput: () => {
        rmSync(folder, { recursive: true });
        writeFileSync(folder, '');
      },
    },
  );
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 1 });
  expect(JSON.parse(stdout)).toMatchObject({ restoreTo: '2023-12-29T02:43:27Z' });
  expect(stderr).toContain(`could not be written to ${folder}/lost.sql`);
});
