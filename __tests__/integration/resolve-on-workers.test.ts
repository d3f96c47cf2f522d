import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { answerFor, randomLog } from '../lib/incident/random-logs';

/** Real threads: how they share the blocks of a log out differs from run to run. */
jest.setTimeout(20 * 60_000);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'workers-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('two workers and the main thread find what one thread finds', async () => {
  const file = path.join(folder, 'audit.log');
  const resolved: boolean[] = [];
  await fc.assert(
    fc.asyncProperty(randomLog, fc.boolean(), async (log, exports) => {
      writeFileSync(file, log);
      const alone = await answerFor(file, { workers: 0, exports });
      const together = await answerFor(file, { workers: 2, exports, blockBytes: 300 });
      expect(together).toEqual(alone);
      resolved.push(JSON.stringify(together.answer).includes('restoreTo'));
    }),
    { numRuns: 6 },
  );
  expect(resolved).toContain(true);
});
