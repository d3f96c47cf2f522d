import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { drillDirectory, readArtefact } from '../../lib/artefact-files';
import { valueOf } from '../../lib/errors';

jest.setTimeout(30 * 60_000);

test('a drill on Aurora PostgreSQL finds the DELETE in pgaudit, restores, verifies and repoints, and takes everything back', async () => {
  const npm = spawn('npm', ['run', 'drill', '--', '--engine', 'aurora-postgresql'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [npm.stdout, npm.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const ended = once(npm, 'exit') as Promise<[number | null]>;
  try {
    const [exitCode] = await ended;
    expect({ exitCode, output: exitCode === 0 ? '' : output }).toEqual({ exitCode: 0, output: '' });
  } finally {
    if (npm.exitCode === null && npm.pid !== undefined) process.kill(-npm.pid, 'SIGKILL');
  }
  const id = /drill (rehearsal-[0-9-]+):/.exec(output)?.[1] ?? '';

  const incident = valueOf(readArtefact(id, 'incident')).value;
  const plan = valueOf(readArtefact(id, 'restorePlan')).value;
  const verification = valueOf(readArtefact(id, 'verification')).value;
  const timeline = valueOf(readArtefact(id, 'timeline')).value;
  expect(incident).toMatchObject({
    dialect: 'pgaudit',
    statement: { kind: 'delete-without-where', database: 'trading', tables: ['trading.accounts'] },
    transaction: { kind: 'explicit' },
    recordTime: { includesDamage: true },
  });
  expect(plan.clusters[0].source.engine).toBe('aurora-postgresql');
  expect(Date.parse(plan.restoreTo)).toBeLessThan(Date.parse(incident.effect.earliestAt));
  expect(verification.clusters[0].checks.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  expect(timeline.steps.filter(({ result }) => result !== 'passed')).toEqual([]);
  expect(timeline.steps.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['restore', 'verify', 'arrival', 'score', 'undo', 'destroy']),
  );
  rmSync(drillDirectory(id), { recursive: true });
});
