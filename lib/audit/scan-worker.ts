import { parentPort, workerData } from 'node:worker_threads';
import { BlockScanner } from './block-scanner';
import { auditDialect } from './dialect';
import { LineIndex } from './line-index';
import { buffersOf } from './packed-writes';
import { PlainReader } from './plain-blocks';
import { claim, READY, waitForRoom, type Job, type JobResult, type WorkerSettings } from './scan-job';

/** A thread that scans blocks of plain files; begun by scan-pool.ts. */
const { dialect, serverTimezone } = workerData as WorkerSettings;
const lines = new LineIndex();

parentPort?.on('message', ({ selection, blocks, shared }: Job) => {
  const scanner = new BlockScanner(auditDialect(dialect, serverTimezone), selection, lines);
  const reader = new PlainReader();
  try {
    for (let i = claim(shared); i < blocks.length; i = claim(shared)) {
      const block = blocks[i];
      if (block === undefined) break;
      waitForRoom(shared, i);
      const scanned = scanner.scan(reader.open(block));
      const result: JobResult = { number: i, scanned };
      parentPort?.postMessage(result, scanned.writes === null ? [] : buffersOf(scanned.writes));
    }
  } finally {
    reader.close();
  }
});
parentPort?.postMessage(READY);
