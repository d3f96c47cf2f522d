import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { drillDirectory, readArtefact } from '../../lib/artefact-files';
import { findMarkedProcesses, RUN_MARKER } from '../../lib/drill/marked-processes';
import { valueOf } from '../../lib/errors';

jest.setTimeout(30 * 60_000);

interface Drill {
  readonly npm: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

const drills: Drill[] = [];

/** `npm run drill` as a person starts it, in a process group of its own. */
function startDrill(...options: string[]): Drill {
  const npm = spawn('npm', ['run', 'drill', '--', ...options], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [npm.stdout, npm.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const drill = {
    npm,
    output: () => output,
    ended: once(npm, 'exit').then(([code]) => code as number | null),
  };
  drills.push(drill);
  return drill;
}

async function waitFor(drill: Drill, line: RegExp): Promise<RegExpExecArray> {
  for (;;) {
    const match = line.exec(drill.output());
    if (match !== null) return match;
    if (drill.npm.exitCode !== null)
      throw new Error(`the drill ended before ${String(line)}:\n${drill.output()}`);
    await sleep(50);
  }
}

const idOf = async (drill: Drill): Promise<string> =>
  (await waitFor(drill, /drill (rehearsal-[0-9-]+):/))[1] ?? '';

/** The program under npm, and the marker that all of its descendants carry. */
function programOf(npm: ChildProcess): { pid: number; run: string } {
  for (const pid of readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)) {
    const { parent, args } = processOf(pid);
    if (args.includes('scripts/drill.ts') && isBelow(parent, npm.pid ?? 0)) {
      const child = readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map(Number)
        .find((other) => processOf(other).parent === pid && markerOf(other) !== undefined);
      return { pid, run: child === undefined ? '' : (markerOf(child) ?? '') };
    }
  }
  throw new Error('the drill is not running');
}

function processOf(pid: number): { parent: number; args: string[] } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    return { parent, args: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0') };
  } catch {
    return { parent: 0, args: [] };
  }
}

function isBelow(pid: number, ancestor: number): boolean {
  for (let at = pid; at > 1; at = processOf(at).parent) if (at === ancestor) return true;
  return false;
}

function markerOf(pid: number): string | undefined {
  try {
    const entry = readFileSync(`/proc/${pid}/environ`, 'latin1')
      .split('\0')
      .find((line) => line.startsWith(`${RUN_MARKER}=`));
    return entry?.slice(RUN_MARKER.length + 1);
  } catch {
    return undefined;
  }
}

async function nothingIsLeftOf(run: string): Promise<void> {
  for (let n = 0; n < 200 && findMarkedProcesses(run).length > 0; n += 1) await sleep(100);
  expect(findMarkedProcesses(run).map((pid) => processOf(pid).args.join(' '))).toEqual([]);
}

const mounts = (): string[] =>
  readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .filter((line) => line.includes(process.cwd()));

afterAll(async () => {
  for (const { npm, ended } of drills) {
    if (npm.exitCode === null && npm.signalCode === null && npm.pid !== undefined)
      process.kill(-npm.pid, 'SIGKILL');
    await ended;
  }
});

describe('a drill', () => {
  it.each([
    { step: 'sandbox', victim: 'npm', signal: 'SIGKILL' },
    { step: 'incident', victim: 'the drill', signal: 'SIGINT' },
    { step: 'restore', victim: 'the drill', signal: 'SIGKILL' },
  ] as const)(
    'leaves nothing behind when $victim gets $signal in step $step',
    async ({ step, victim, signal }) => {
      const before = mounts();
      const drill = startDrill();
      const id = await idOf(drill);
      await waitFor(drill, new RegExp(`^ ?\\d+/\\d+ {2}${step}: `, 'm'));
      await sleep(step === 'restore' ? 12_000 : 1500); // into the step: Terraform and its provider are at work
      const { pid, run } = programOf(drill.npm);
      expect(findMarkedProcesses(run).length).toBeGreaterThan(0);
      process.kill(victim === 'npm' ? (drill.npm.pid ?? 0) : pid, signal);
      await drill.ended;
      await nothingIsLeftOf(run);
      expect(mounts()).toEqual(before);
      rmSync(drillDirectory(id), { recursive: true });
    },
  );

  it('restores, verifies and repoints two clusters with real parts, and takes everything back', async () => {
    const drill = startDrill('--ledger');
    const id = await idOf(drill);
    const exitCode = await drill.ended;
    expect({ exitCode, output: exitCode === 0 ? '' : drill.output() }).toEqual({ exitCode: 0, output: '' });

    const incident = valueOf(readArtefact(id, 'incident')).value;
    const plan = valueOf(readArtefact(id, 'restorePlan')).value;
    const verification = valueOf(readArtefact(id, 'verification')).value;
    const timeline = valueOf(readArtefact(id, 'timeline')).value;
    expect(incident.statement.kind).toBe('delete-without-where');
    expect(incident.statement.tables).toEqual(['trading.accounts']);
    expect(incident.transaction.kind).toBe('explicit');
    expect(incident.recordTime).toMatchObject({ includesDamage: true });
    expect(plan.restoreTo).toBe(incident.restoreTo);
    expect(Date.parse(plan.restoreTo)).toBeLessThan(Date.parse(incident.effect.earliestAt));
    expect(verification.verdict).toBe('pass');
    expect(verification.clusters.map((one) => [one.source, one.verdict])).toEqual([
      ['trading', 'pass'],
      ['trading-ledger', 'pass'],
    ]);
    const [{ restored }] = verification.clusters;
    const [{ source }] = plan.clusters;
    expect(restored.endpoint).not.toBe(source.endpoint);
    expect(timeline.steps.map(({ name, result }) => `${name} ${result}`)).toEqual([
      'preflight passed',
      'sandbox passed',
      'incident passed',
      'resolve passed',
      'plan passed',
      'guard restore passed',
      'restore passed',
      'no drift passed',
      'verify passed',
      'plan repoint passed',
      'guard repoint passed',
      'repoint passed',
      'arrival passed',
      'application passed',
      'no drift after repoint passed',
      'score passed',
      'report passed',
      'undo passed',
      'application back passed',
      'guard destroy passed',
      'destroy passed',
    ]);
    expect(timeline.observations.map(({ text }) => text)).toEqual([
      `the application writes to ${verification.clusters.map((one) => one.restored.endpoint).join(' and ')}`,
      expect.stringMatching(/^the damage took effect at .* after the restore point$/),
      `the application writes to ${plan.clusters.map((one) => one.source.endpoint).join(' and ')}`,
    ]);

    const html = readFileSync(path.join(drillDirectory(id), 'report.html'), 'utf8');
    expect(html).toContain('<svg');
    expect(html).toContain(plan.restoreTo);
    expect(readFileSync(path.join(drillDirectory(id), 'report.md'), 'utf8')).toContain(plan.restoreTo);
    const state = JSON.parse(readFileSync(path.join(drillDirectory(id), 'restore.tfstate'), 'utf8')) as {
      resources: unknown[];
    };
    expect(state.resources).toEqual([]);
    expect(existsSync(path.join(drillDirectory(id), 'logs'))).toBe(true);
    rmSync(drillDirectory(id), { recursive: true });
  });
});
