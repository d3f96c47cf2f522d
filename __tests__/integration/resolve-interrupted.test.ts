import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeQueriesCommand,
  type QueryInfo,
} from '@aws-sdk/client-cloudwatch-logs';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { startSandbox } from '../../sandbox/server';
import { CASES } from '../cases/run-case';

/** `npm run resolve` stopped by Ctrl-C or SIGTERM: it ends at once with 1 and leaves nothing behind. */
jest.setTimeout(20 * 60_000);

const SCRIPT = path.resolve('scripts/resolve-incident.ts');
const TSX = pathToFileURL(require.resolve('tsx')).href;
/** So much to read that no machine is through before it is interrupted. */
const TIMES = 200;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'resolve-interrupted-'));
  mkdirSync(path.join(directory, 'drills', 'incident-1'), { recursive: true });
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

class Resolve {
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly ended: Promise<Ended>;

  constructor(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const all = ['--import', TSX, SCRIPT, '--cluster', 'trading', '--drill', 'incident-1', '--json', ...args];
    this.child = spawn(process.execPath, all, {
      cwd: directory,
      env: { ...process.env, TMPDIR: directory, ...env },
      stdio: 'pipe',
    });
    const { stdout, stderr } = this.child;
    this.ended = Promise.all([text(stdout), text(stderr), once(this.child, 'exit')]).then(([out, err]) => ({
      exitCode: this.child.exitCode,
      stdout: out,
      stderr: err,
    }));
  }

  get stdin(): Writable {
    return this.child.stdin;
  }

  async hasBegun(): Promise<void> {
    await once(this.child.stderr, 'data');
  }

  async interrupt(signal: NodeJS.Signals): Promise<Ended> {
    this.child.kill(signal);
    return this.ended;
  }
}

/** One JSON object says so on stdout, as after any other failure. */
function expectInterrupted({ exitCode, stdout, stderr }: Ended, signal: NodeJS.Signals): void {
  const message = `interrupted by ${signal}`;
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toEqual({ error: { message, hint: 'run it again' } });
  expect(stderr).toContain(message);
}

function expectNothingLeft(): void {
  expect(readdirSync(path.join(directory, 'drills', 'incident-1'))).toEqual([]);
  expect(readdirSync(directory).filter((name) => name.startsWith('resolve-'))).toEqual([]);
}

const LINES = readFileSync(path.join(CASES, 'harmless-where', 'audit.log'));
const BLOCK = Buffer.concat(Array.from({ length: Math.ceil(5e7 / LINES.length) }, () => LINES));

test.each([
  { what: 'a plain file', signal: 'SIGINT', name: 'audit.log', bytes: () => BLOCK, times: TIMES },
  {
    what: 'a packed file',
    signal: 'SIGTERM',
    name: 'audit.log.gz',
    // members of one file, as rotation by `cat` makes them
    bytes: () => Buffer.concat(Array.from({ length: TIMES }, () => PACKED)),
    times: 1,
  },
] as const)('$signal while it scans $what', async ({ signal, name, bytes, times }) => {
  const file = path.join(directory, name);
  writeFileSync(file, bytes());
  const resolve = new Resolve([
    '--source',
    'file',
    ...Array.from({ length: times }, () => `--log-file=${file}`),
  ]);
  await resolve.hasBegun();
  await sleep(500);
  expectInterrupted(await resolve.interrupt(signal), signal);
  expectNothingLeft();
});

const PACKED = gzipSync(BLOCK, { level: 1 });

test('SIGINT while standard input goes on', async () => {
  const resolve = new Resolve(['--source', 'file', '--log-file', '-']);
  resolve.stdin.on('error', () => undefined).write(LINES);
  while (!readdirSync(directory).some((name) => name.startsWith('resolve-'))) await sleep(20);
  expectInterrupted(await resolve.interrupt('SIGINT'), 'SIGINT');
  expectNothingLeft();
});

test('SIGINT while a query runs stops the query', async () => {
  const sandbox = await startSandbox({ settings: { queryDurationMs: 60_000 }, say: () => undefined });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const logs = new CloudWatchLogsClient({
    endpoint: sandbox.endpointUrl,
    region: sandbox.settings.region,
    credentials,
  });
  const queries = async (): Promise<QueryInfo[]> =>
    (await logs.send(new DescribeQueriesCommand({}))).queries ?? [];
  try {
    await logs.send(new CreateLogGroupCommand({ logGroupName: '/aws/rds/cluster/trading/audit' }));
    const resolve = new Resolve([], {
      AWS_ENDPOINT_URL: sandbox.endpointUrl,
      AWS_REGION: sandbox.settings.region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    });
    while ((await queries()).length === 0) await sleep(50);
    expectInterrupted(await resolve.interrupt('SIGINT'), 'SIGINT');
    expect((await queries()).map(({ status }) => status)).toEqual(['Cancelled']);
    expectNothingLeft();
  } finally {
    logs.destroy();
    await sandbox.close();
  }
});
