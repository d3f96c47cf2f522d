import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { resolveCase } from '../cases/run-case';

/** The incidents of the sandbox's scenario, resolved from the lines of a real engine that reach the log late and out of order. */
jest.setTimeout(4 * 60_000);

const ready = z.object({ endpointUrl: z.string(), env: z.record(z.string(), z.string()) });
const played = z.object({
  statements: z.array(
    z.object({
      session: z.number(),
      sql: z.string(),
      sentAtMicros: z.number(),
      returnedAtMicros: z.number(),
    }),
  ),
});
type Played = z.infer<typeof played>['statements'];

let sandbox: ChildProcess;
let endpointUrl: string;
const environment = { ...process.env };

beforeAll(async () => {
  const args = ['--import', 'tsx', 'scripts/sandbox.ts', '--until-stdin-ends'];
  const delays = [
    '--log-delay',
    '800ms',
    '--log-jitter',
    '600ms',
    '--log-ingestion-delay',
    '100ms',
    '--query-duration',
    '100ms',
  ];
  sandbox = spawn(process.execPath, [...args, ...delays], {
    cwd: path.resolve(__dirname, '../..'),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (sandbox.stdout === null) throw new Error('the sandbox has no output');
  const [line] = (await once(createInterface(sandbox.stdout), 'line')) as [string];
  const said = ready.parse(JSON.parse(line));
  endpointUrl = said.endpointUrl;
  Object.assign(process.env, said.env);
});

afterAll(async () => {
  process.env = environment;
  const ended = once(sandbox, 'exit');
  sandbox.stdin?.end();
  await ended;
});

/** Lets an incident happen and resolves it from the logs since just before. */
async function resolveAfter(incident: string): Promise<{ statements: Played; answer: object }> {
  const since = new Date(Date.now() - 200).toISOString();
  const response = await fetch(`${endpointUrl}/_sandbox/incidents/${incident}`, { method: 'POST' });
  const { statements } = played.parse(await response.json());
  // a record's time may come some milliseconds after the statement's answer, and the window ends at now
  await sleep(100);
  return { statements, answer: await resolveCase(['--since', since]) };
}

test.each([
  ['delete-in-transaction', 'explicit', 'COMMIT'],
  ['delete-autocommit', 'autocommit', 'DELETE FROM accounts'],
  ['delete-autocommit-off', 'explicit', 'COMMIT'],
])(
  '%s: the restore point lies within the two seconds before the effect',
  async (incident, kind, visibleBy) => {
    const { statements, answer } = await resolveAfter(incident);
    const resolved = z
      .object({
        restoreTo: z.string(),
        transaction: z.object({ kind: z.string() }),
        recordTime: z.object({ includesDamage: z.boolean() }),
      })
      .parse(answer);
    const visible = statements.find(({ sql }) => sql === visibleBy);
    const ahead = (visible?.sentAtMicros ?? 0) - Date.parse(resolved.restoreTo) * 1000;
    expect(resolved.transaction.kind).toBe(kind);
    expect(ahead).toBeGreaterThan(0);
    expect(ahead).toBeLessThanOrEqual(2_100_000);
  },
);

test.each([
  ['delete-rolled-back', 'rolled-back', 1],
  ['two-deletes', 'ambiguous', 2],
])('%s: refused as %s', async (incident, reason, candidates) => {
  const { answer } = await resolveAfter(incident);
  const { refused } = z
    .object({ refused: z.object({ reason: z.string(), candidates: z.array(z.object({ sql: z.string() })) }) })
    .parse(answer);
  expect(refused.reason).toBe(reason);
  expect(refused.candidates).toHaveLength(candidates);
});
