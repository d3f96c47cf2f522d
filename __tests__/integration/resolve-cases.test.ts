import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { detectDialect, auditDialect } from '../../lib/audit/dialect';
import { LineJoiner } from '../../lib/audit/log-lines';
import { valueOf } from '../../lib/errors';
import { startSandbox, type Sandbox } from '../../sandbox/server';
import { CASES, readCase, resolveCase } from '../cases/run-case';

/**
 * The same lines from files and through Logs Insights must give the same answer. The lines of every
 * case are moved to the next two hours.
 */
jest.setTimeout(20 * 60_000);

const DELIVERY_MS = 3000;
/** A log group answers for no window that ends before it was made, and takes lines of two hours ahead. */
const AHEAD_MS = 6_400_000;
const AT_ONCE = 10;

let sandbox: Sandbox;
let logs: CloudWatchLogsClient;
let folder: string;
const environment = { ...process.env };

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'resolve-cases-'));
  sandbox = await startSandbox({ settings: { queryDurationMs: 50 }, say: () => undefined });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: sandbox.endpointUrl,
    AWS_REGION: sandbox.settings.region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  logs = new CloudWatchLogsClient();
});

afterAll(async () => {
  process.env = environment;
  logs.destroy();
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

// an empty log has no log group
const names = readdirSync(CASES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'empty-log')
  .map(({ name }) => name);

/** CloudWatch gives records of one time in any order, where a file has that in which they were written. */
const OUT_OF_ORDER = new Map([
  ['pgaudit-aborted-and-ended-within-one-second', 'outcome-unknown'],
  ['server-audit-change-of-user-before-the-statements-of-its-second', 'outcome-unknown'],
  ['server-audit-change-of-user-in-the-second-of-its-statements', 'outcome-unknown'],
]);

describe('the answer from Logs Insights is the answer from the files', () => {
  const answers = new Map<string, Promise<[object, object]>>();
  beforeAll(() => {
    const waiting = [...names];
    const lane = async (): Promise<void> => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
        const answer = bothAnswers(name);
        answers.set(name, answer);
        await answer.catch(() => undefined);
      }
    };
    return Promise.all(Array.from({ length: AT_ONCE }, lane));
  });

  it.each(names.filter((name) => !OUT_OF_ORDER.has(name)))('%s', async (name) => {
    const [fromInsights, fromFiles] = (await answers.get(name)) ?? [];
    expect(fromInsights).toEqual(fromFiles);
  });

  it.each([...OUT_OF_ORDER])('but %s, where the order is lost, is refused as %s', async (name, reason) => {
    const [fromInsights] = (await answers.get(name)) ?? [];
    expect(fromInsights).toMatchObject({ reason });
  });
});

async function bothAnswers(name: string): Promise<[object, object]> {
  const { args, logFiles } = readCase(path.join(CASES, name));
  const texts = logFiles.map((file) => textOf(file));
  const dialectName = valueOf(detectDialect(texts.flatMap((text) => text.split('\n'))));
  const shift = shiftOf(texts);
  const moved = texts.map((text) => shift(text));
  const files = moved.map((text, i) => {
    const file = path.join(folder, `${name}-${i}.log`);
    writeFileSync(file, text);
    return file;
  });
  const common = [...args.map(shift), '--dialect', dialectName];
  if (!args.includes('--since')) common.push('--since', '3d');
  // two minutes of silence after it, by the clock that is ahead, make the logs complete
  if (!args.includes('--until')) common.push('--until', new Date(Date.now() + AHEAD_MS + 1000).toISOString());

  const zone = args[args.indexOf('--server-timezone') + 1];
  await put(
    name,
    moved,
    dialectName,
    args.includes('--server-timezone') && zone !== undefined ? zone : 'UTC',
  );
  const fromInsights = await resolveCase(
    ['--cluster', name, '--no-wait', ...common],
    () => Date.now() + 2 * AHEAD_MS,
  );
  const fromFiles = await resolveCase([
    '--source',
    'file',
    ...files.flatMap((file) => ['--log-file', file]),
    ...common,
  ]);
  return [comparable(fromInsights), comparable(fromFiles)];
}

async function put(
  cluster: string,
  texts: readonly string[],
  dialectName: 'aurora-mysql' | 'server-audit' | 'pgaudit',
  zone: string,
): Promise<void> {
  const logGroupName = `/aws/rds/cluster/${cluster}/${dialectName === 'pgaudit' ? 'postgresql' : 'audit'}`;
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  const dialect = auditDialect(dialectName, zone);
  for (const [i, text] of texts.entries()) {
    const joiner = new LineJoiner(dialect);
    const messages = [...text.split('\n').flatMap((line) => joiner.take(line)), ...joiner.end()];
    let timestamp = Date.now();
    const events = messages.map((message) => {
      const parsed = dialect.parse({ text: message, recordedAt: null, stream: '' });
      if (typeof parsed === 'object') timestamp = Math.floor(parsed.executedAt / 1000) + DELIVERY_MS;
      return { message, timestamp };
    });
    const logStreamName = `instance-${i}`;
    await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    await logs.send(
      new PutLogEventsCommand({
        logGroupName,
        logStreamName,
        logEvents: events.toSorted((a, b) => a.timestamp - b.timestamp),
      }),
    );
  }
}

function textOf(file: string): string {
  const bytes = readFileSync(file);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

/** Moves all times of a case by the same whole seconds, so that its last line lies `AHEAD_MS` from now. */
function shiftOf(texts: readonly string[]): (text: string) => string {
  const times = texts.flatMap((text) => [...text.matchAll(LINE_TIME)].map(([time]) => millisOf(time)));
  const by = Math.floor((Date.now() + AHEAD_MS - Math.max(...times)) / 1000) * 1000;
  return (text) =>
    text
      .replace(LINE_TIME, (time) => movedTime(time, by))
      .replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/, (time) => new Date(Date.parse(time) + by).toISOString());
}

const LINE_TIME = /^(?:\d{16}(?=,)|\d{8} \d\d:\d\d:\d\d|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)/gm;

function millisOf(time: string): number {
  if (/^\d{16}$/.test(time)) return Number(time) / 1000;
  const iso = time.replace(/^(\d{4})-?(\d\d)-?(\d\d) /, '$1-$2-$3T');
  return Date.parse(`${iso.replace(/:60$/, ':59')}Z`) + (iso.endsWith(':60') ? 1000 : 0);
}

function movedTime(time: string, by: number): string {
  if (/^\d{16}$/.test(time)) return String(Number(time) + by * 1000);
  const moved = new Date(millisOf(time) + by).toISOString().slice(0, 19).replace('T', ' ');
  return time.includes('-') ? moved : moved.replaceAll('-', '');
}

interface Answer {
  refused?: { reason: string; candidates: object[] };
  statement?: object;
  transaction?: object;
  effect?: { earliestAt: string; latestAt: string; basis: string };
  restoreTo?: string;
  lostWrites?: object;
  candidates?: object[];
}

/** What must be the same: all but record times, the server's name where only the log stream tells it, and how far the logs reach. */
function comparable(answer: object): object {
  const { refused, statement, transaction, effect, restoreTo, lostWrites, candidates } = answer as Answer;
  const bare = (each: object): object => ({ ...each, recordedAt: null, serverHost: null });
  if (refused !== undefined) return { reason: refused.reason, candidates: refused.candidates.map(bare) };
  return {
    statement: bare(statement ?? {}),
    transaction,
    earliestAt: effect?.earliestAt,
    basis: effect?.basis,
    restoreTo,
    lostWrites,
    candidates: candidates?.map(bare),
  };
}
