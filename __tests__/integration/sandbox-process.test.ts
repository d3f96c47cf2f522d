import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

jest.setTimeout(20 * 60_000);

const ROOT = path.join(__dirname, '../..');
const NODE = ['node', '--import', 'tsx', 'scripts/sandbox.ts'] as const;
const NPM = ['npm', 'run', '--silent', 'sandbox', '--'] as const;

interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<number | null>;
  readonly ready: { endpointUrl: string; env: Record<string, string>; clusters: object[] };
  readonly runDirectory: string;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

interface Launched {
  readonly child: ChildProcessWithoutNullStreams;
  /** Its exit code; null where a signal ended it. */
  readonly ended: Promise<number | null>;
  readonly said: () => [stdout: string, stderr: string];
}

const launched: Launched[] = [];
afterEach(async () => {
  for (const { child, ended } of launched.splice(0)) {
    child.kill('SIGTERM');
    await ended;
  }
});

function launch(command: readonly string[]): Launched {
  const [file = '', ...args] = command;
  const child = spawn(file, args, { cwd: ROOT });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  const one: Launched = { child, ended, said: () => [stdout, stderr] };
  launched.push(one);
  return one;
}

/** A sandbox with one cluster, whose database server runs. */
async function start(command: readonly string[]): Promise<Running> {
  const { child, ended, said } = launch([...command, '--scenario', 'none']);
  await until(() => said()[1].includes('to use it in another shell') || child.exitCode !== null);
  const ready = JSON.parse(said()[0]) as Running['ready'];
  const runDirectory = path.dirname(ready.env['AWS_CONFIG_FILE'] ?? '');
  const created = await fetch(`${ready.endpointUrl}/_sandbox/clusters/shop`, { method: 'POST' });
  expect(await created.json()).toMatchObject({ clusters: [{ id: 'shop' }] });
  expect(processesOf(runDirectory)).not.toEqual([]);
  return { child, ended, ready, runDirectory, stdout: () => said()[0], stderr: () => said()[1] };
}

/** Those whose command line names the folder of this run: its database servers. */
function processesOf(runDirectory: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(runDirectory);
    } catch {
      return false; // ended meanwhile
    }
  });
}

async function until(condition: () => boolean, withinMs = 60_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not so within ${withinMs} ms: ${condition.toString()}`);
    await sleep(100);
  }
}

test('prints one line of JSON, and an environment that a shell can read', async () => {
  const { ready, stdout, stderr } = await start(NPM);
  expect(stdout().trimEnd().split('\n')).toHaveLength(1);
  expect(Object.keys(ready)).toEqual(['endpointUrl', 'env', 'clusters', 'roles']);
  expect(ready.env).toMatchObject({
    AWS_ENDPOINT_URL: ready.endpointUrl,
    AWS_REGION: 'us-east-2',
    AWS_EC2_METADATA_DISABLED: 'true',
    DRILL_DB_USER: 'admin',
  });
  const envFile = /in another shell: [.] '(.+)'/.exec(stderr())?.[1] ?? '';
  const script = `. '${envFile}'; echo "$AWS_ENDPOINT_URL $DRILL_DB_PASSWORD"`;
  expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' }).trim()).toBe(
    `${ready.endpointUrl} ${ready.env['DRILL_DB_PASSWORD'] ?? ''}`,
  );
});

test.each<[string, number | null, readonly string[], (child: ChildProcessWithoutNullStreams) => unknown]>([
  ['SIGINT', 0, NODE, (child) => child.kill('SIGINT')],
  ['SIGTERM', 0, NODE, (child) => child.kill('SIGTERM')],
  ['SIGHUP', 0, NODE, (child) => child.kill('SIGHUP')],
  [
    'the end of standard input, where asked',
    0,
    [...NODE, '--until-stdin-ends'],
    (child) => child.stdin.end(),
  ],
  ['the death of the npm that runs it', null, NPM, (child) => child.kill('SIGKILL')],
])('%s ends it with nothing left behind', async (_what, exitCode, command, end) => {
  const { child, ended, runDirectory, stderr } = await start(command);
  end(child);
  await until(() => !existsSync(runDirectory));
  expect(processesOf(runDirectory)).toEqual([]);
  expect(stderr()).toContain('the sandbox ends: ');
  expect(await ended).toBe(exitCode);
});

test('database servers die with a sandbox that is killed, and the next one removes its files', async () => {
  const { child, runDirectory } = await start(NODE);
  child.kill('SIGKILL');
  await until(() => processesOf(runDirectory).length === 0);
  expect(existsSync(runDirectory)).toBe(true);
  await start(NODE);
  expect(existsSync(runDirectory)).toBe(false);
});

test('listens on the port that is asked for, and says so where it is taken', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  const command = [...NODE, '--scenario', 'none', '--port', String(port)];
  const refused = launch(command);
  expect(await refused.ended).toBe(1);
  expect(refused.said()).toEqual(['', expect.stringContaining(`cannot listen on port ${port} of 127.0.0.1`)]);
  holder.close();
  const accepted = launch(command);
  await until(() => accepted.said()[0] !== '');
  expect(JSON.parse(accepted.said()[0])).toMatchObject({
    endpointUrl: `http://127.0.0.1:${port}`,
    clusters: [],
  });
});

test.each([
  [['--create-delay', 'soon'], 'not a duration'],
  [['--scenario', 'quiet'], 'scenario'],
  [['--port', '70000'], 'port'],
  [['--region', 'Ohio'], 'region'],
])('wrong options %j are refused before anything starts', async (args, message) => {
  const { ended, said } = launch([...NODE, ...args]);
  expect(await ended).toBe(2);
  expect(said()).toEqual(['', expect.stringContaining(message)]);
});
