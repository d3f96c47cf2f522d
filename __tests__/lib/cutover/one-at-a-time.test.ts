import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { oneAtATime } from '../../../lib/cutover/one-at-a-time';

const before = process.cwd();
const folder = mkdtempSync(path.join(os.tmpdir(), 'one-at-a-time-'));
const file = path.join(folder, 'drills/d/cutover.lock');
beforeAll(() => {
  process.chdir(folder);
  mkdirSync(path.dirname(file), { recursive: true });
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

test('a command of a drill keeps others of it out for as long as it runs', async () => {
  await oneAtATime('d', 'swap', async () => {
    await expect(oneAtATime('d', 'undo', () => Promise.resolve())).rejects.toMatchObject({
      refusal: {
        reason: 'another-is-running',
        message: expect.stringContaining(
          `'npm run swap' of drill 'd' is running already, as process ${process.pid}`,
        ) as string,
      },
    });
    await expect(oneAtATime('other', 'undo', () => Promise.resolve(1))).resolves.toBe(1);
  });
  await expect(oneAtATime('d', 'undo', () => Promise.resolve(2))).resolves.toBe(2);
});

test('a command that fails keeps nobody out', async () => {
  await expect(oneAtATime('d', 'swap', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(file)).toBe(false);
});

test('a step of a command goes on within it: what has started this process holds the lock for it', async () => {
  writeFileSync(file, `${process.ppid} undo\n`);
  await expect(oneAtATime('d', 'apply', () => Promise.resolve(4))).resolves.toBe(4);
  expect(existsSync(file)).toBe(true);
  rmSync(file);
});

test(
  'of many that find the lock of a killed one, one at a time is inside',
  async () => {
    const contender = `
    const { oneAtATime } = require(${JSON.stringify(path.join(__dirname, '../../../lib/cutover/one-at-a-time'))});
    const { mkdirSync, rmdirSync, writeFileSync, existsSync } = require('node:fs');
    const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    process.on('message', async (round) => {
      let outcome = 'out';
      try {
        await oneAtATime('d', 'swap', async () => {
          mkdirSync('inside');
          await wait(15);
          rmdirSync('inside');
          outcome = 'in';
        });
      } catch (error) {
        if (error.code === 'EEXIST') outcome = 'two inside';
        else if (error.refusal?.reason !== 'another-is-running') outcome = String(error);
      }
      process.send(outcome);
    });
    process.send('ready');`;
    const children = [1, 2, 3].map(() =>
      spawn(process.execPath, ['--import', require.resolve('tsx'), '--eval', contender], {
        cwd: folder,
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      }),
    );
    const answers = (): Promise<unknown[]> =>
      Promise.all(children.map(async (child) => ((await once(child, 'message')) as unknown[])[0]));
    try {
      expect(await answers()).toEqual(['ready', 'ready', 'ready']);
      for (let round = 0; round < 40; round += 1) {
        writeFileSync(file, `${2 ** 22 + 1} swap\n`);
        const outcomes = answers();
        for (const child of children) child.send(round);
        const found = await outcomes;
        expect(found.filter((outcome) => outcome !== 'in' && outcome !== 'out')).toEqual([]);
        expect(found).toContain('in');
      }
    } finally {
      for (const child of children) child.kill();
    }
  },
  10 * 60_000,
);

test('a turn at a stale lock that was cut short keeps nobody out for long', async () => {
  writeFileSync(file, `${2 ** 22 + 1} swap\n`);
  mkdirSync(`${file}.stale`);
  utimesSync(`${file}.stale`, 0, 0);
  await expect(oneAtATime('d', 'undo', () => Promise.resolve(5))).resolves.toBe(5);
  expect(existsSync(`${file}.stale`)).toBe(false);
});

test.each([
  ['of a process that was killed', `${2 ** 22 + 1} swap\n`],
  ['that is none', ''],
])("a lock %s stands in nobody's way", async (_, text) => {
  writeFileSync(file, text);
  await expect(oneAtATime('d', 'undo', () => Promise.resolve(3))).resolves.toBe(3);
});
