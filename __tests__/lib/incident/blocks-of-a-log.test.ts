import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { answerFor, randomLog } from './random-logs';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'blocks-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test(
  'the answer does not depend on where blocks begin, nor on whether statements come whole',
  async () => {
    const file = path.join(folder, 'audit.log');
    const resolved: boolean[] = [];
    await fc.assert(
      fc.asyncProperty(randomLog, fc.integer({ min: 150, max: 3000 }), async (log, blockBytes) => {
        writeFileSync(file, log);
        const whole = await answerFor(file, { workers: 0, exports: true });
        const { answer } = await answerFor(file, { workers: 0, exports: false, blockBytes });
        const exported = await answerFor(file, { workers: 0, exports: true, blockBytes });
        expect(answer).toEqual(whole.answer);
        expect(exported).toEqual(whole);
        resolved.push(JSON.stringify(answer).includes('restoreTo'));
      }),
      { numRuns: 30, endOnFailure: true },
    );
    expect(resolved).toContain(true);
  },
  10 * 60_000,
);
