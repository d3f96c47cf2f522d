import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openWorkspace } from '../../sandbox/engines/workspace';
import { instantBetweenCommits, MariaDbBench } from '../sandbox/engines/mariadb/mariadb-bench';

const PROJECT = process.cwd();
const children: ChildProcess[] = [];
let parent = '';

beforeAll(async () => {
  // so that what is unpacked once serves the folders of this test
  const bench = await MariaDbBench.open();
  await bench.close();
}, 10 * 60_000);
beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), 'mariadb-isolation-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(parent, { recursive: true, force: true, maxRetries: 5 });
});

/** A project of its own below `parent`, with the engines that this one has unpacked. */
function projectIn(folder: string): string {
  const project = path.join(parent, folder);
  mkdirSync(path.join(project, '.sandbox'), { recursive: true });
  const unpacked = path.join(PROJECT, '.sandbox/engines');
  if (existsSync(unpacked)) {
    cpSync(unpacked, path.join(project, '.sandbox/engines'), {
      recursive: true,
      filter: (source) =>
        !path.basename(source).startsWith('unfinished-') && !path.basename(source).startsWith('template-'),
    });
  }
  return project;
}

/** Starts a process with a server of its own, and waits until that serves. */
async function startVictim(
  project: string,
): Promise<{ child: ChildProcess; directory: string; serverPid: number }> {
  const program = path.join(PROJECT, '__tests__/sandbox/engines/mariadb/run-until-killed.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, project], {
    cwd: PROJECT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  const directory = chunk.toString('utf8').trim();
  return {
    child,
    directory,
    serverPid: Number(readFileSync(path.join(directory, 'data/server.pid'), 'utf8')),
  };
}

/** Neither gone nor dead with nobody yet to hear of it. */
function lives(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('engines', () => {
  it(
    'are gone when their parent is killed, and the next run sweeps what it left',
    async () => {
      const project = projectIn('clone');
      const survivor = await startVictim(project);
      const { child, directory, serverPid } = await startVictim(project);
      expect(lives(serverPid)).toBe(true);

      child.kill('SIGKILL');
      while (lives(serverPid)) await sleep(20);
      expect(existsSync(directory)).toBe(true);
      const workspace = await openWorkspace(project);
      expect(existsSync(path.dirname(directory))).toBe(false);
      // the run of a process that lives is left alone
      expect(existsSync(survivor.directory)).toBe(true);
      expect(lives(survivor.serverPid)).toBe(true);
      await workspace.close();
    },
    10 * 60_000,
  );

  it(
    'never run as root',
    async () => {
      const { serverPid } = await startVictim(projectIn('clone'));
      const uids = /^Uid:\s+(.*)$/m
        .exec(readFileSync(`/proc/${serverPid}/status`, 'utf8'))?.[1]
        ?.split(/\s+/);
      expect(uids).toHaveLength(4);
      expect(uids).not.toContain('0');
    },
    10 * 60_000,
  );

  it(
    'run below a folder that other users may not enter, with a blank and a long path',
    async () => {
      chmodSync(parent, 0o700);
      const bench = await MariaDbBench.open(projectIn(`a clone/${'long/'.repeat(25)}`));
      try {
        const source = await bench.create('source');
        const session = await bench.connect(source);
        // MariaDB takes its system tables for another machine's where it cannot find its own control file
        await session.query(
          'CREATE PROCEDURE p() SELECT 1; CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t VALUES (1)',
        );
        const at = await instantBetweenCommits(source);
        await session.query('DELETE FROM t');
        const restored = await bench.restore(source, at, 'restored');
        expect(await bench.rows(restored, 'SELECT id FROM t')).toEqual([{ id: 1 }]);
        expect(await bench.rows(restored, 'SHOW CREATE PROCEDURE p')).toHaveLength(1);
        const log = readFileSync(path.join(bench.directory('source'), 'error.log'), 'utf8');
        expect(log).not.toMatch(/ERROR|Zerofilling/);
      } finally {
        await bench.close();
      }
      expect(existsSync(bench.workspace.runDirectory)).toBe(false);
    },
    10 * 60_000,
  );

  it(
    'of two projects and of two runs of one project do not meet',
    async () => {
      const [here, there] = [projectIn('here'), projectIn('there')];
      const benches = await Promise.all([here, here, there].map((project) => MariaDbBench.open(project)));
      try {
        const clusters = await Promise.all(benches.map((bench) => bench.create('same-name')));
        await Promise.all(
          benches.map(async (bench, i) => {
            const cluster = clusters[i];
            if (cluster === undefined) throw new Error('no cluster');
            const session = await bench.connect(cluster);
            await session.query(`CREATE TABLE t (id INT PRIMARY KEY); INSERT INTO t VALUES (${i})`);
            expect(await bench.rows(cluster, 'SELECT id FROM t')).toEqual([{ id: i }]);
          }),
        );
      } finally {
        await Promise.all(benches.map((bench) => bench.close()));
      }
    },
    10 * 60_000,
  );
});
