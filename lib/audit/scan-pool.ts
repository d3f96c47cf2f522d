import { once } from 'node:events';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { BlockScanner, type ScannedBlock } from './block-scanner';
import { auditDialect } from './dialect';
import { LineIndex } from './line-index';
import type { Selection } from './log-source';
import { PlainReader, type PlainBlock } from './plain-blocks';
import {
  claim,
  newShared,
  noteDone,
  READY,
  type Job,
  type JobResult,
  type Ready,
  type WorkerSettings,
} from './scan-job';

/** Fewer blocks than this are scanned before a worker has begun. */
const LEAST_BLOCKS = 8;

/** Scans blocks of plain files on this thread and on workers, which it starts when there is enough for them. */
export class ScanPool {
  private readonly workers: Worker[] = [];
  private readonly lines = new LineIndex();

  constructor(
    private readonly settings: WorkerSettings,
    private readonly most: number,
    private readonly signal: AbortSignal,
  ) {
    signal.addEventListener('abort', () => {
      this.close();
    });
  }

  /** Starts the workers, which takes them a while; nobody needs to wait until they are ready. */
  async begin(): Promise<void> {
    const ready: Promise<unknown>[] = [];
    while (this.workers.length < this.most) {
      // jest and tsx load TypeScript each in its own way: a worker always takes tsx
      const worker = new Worker(path.join(__dirname, 'scan-worker.ts'), {
        workerData: this.settings,
        execArgv: ['--require', path.join(__dirname, '../load-typescript.cjs')],
        resourceLimits: { maxYoungGenerationSizeMb: 8 },
      });
      // idle workers do not keep the process
      worker.unref();
      this.workers.push(worker);
      ready.push(once(worker, 'message'));
    }
    await Promise.all(ready);
  }

  close(): void {
    for (const worker of this.workers.splice(0)) void worker.terminate();
  }

  /** A scanner on this thread, for bytes that are no blocks of plain files. */
  scanner(selection: Selection): BlockScanner {
    const { dialect, serverTimezone } = this.settings;
    return new BlockScanner(auditDialect(dialect, serverTimezone), selection, this.lines);
  }

  /** Scans the blocks, and gives what was found in their order. */
  async *scan(blocks: readonly PlainBlock[], selection: Selection): AsyncGenerator<ScannedBlock, undefined> {
    const scanner = this.scanner(selection);
    const reader = new PlainReader();
    const shared = newShared();
    const results = new Map<number, ScannedBlock>();
    const failures: Error[] = [];
    let wake = (): void => undefined;
    const workers = blocks.length < LEAST_BLOCKS ? [] : [...this.workers];
    const onAbort = (): void => {
      wake();
    };
    const onMessage = (message: JobResult | Ready): void => {
      if (message !== READY) results.set(message.number, message.scanned);
      wake();
    };
    const onError = (error: Error): void => {
      failures.push(error);
      wake();
    };
    for (const worker of workers) {
      worker.on('message', onMessage).on('error', onError);
      worker.ref();
      worker.postMessage({ selection, blocks, shared } satisfies Job);
    }
    this.signal.addEventListener('abort', onAbort);
    try {
      for (let next = 0; next < blocks.length;) {
        this.signal.throwIfAborted();
        if (failures[0] !== undefined) throw failures[0];
        const ready = results.get(next);
        if (ready !== undefined) {
          results.delete(next++);
          noteDone(shared, next);
          yield ready;
          continue;
        }
        // a result or a signal may have come meanwhile
        await setImmediate();
        if (results.has(next)) continue;
        const number = claim(shared);
        const block = blocks[number];
        if (block !== undefined) results.set(number, scanner.scan(reader.open(block)));
        else {
          // nothing can come before the listeners are there: this thread does not yield in between
          await new Promise<void>((resolve) => (wake = resolve));
        }
      }
    } finally {
      reader.close();
      this.signal.removeEventListener('abort', onAbort);
      for (const worker of workers) {
        worker.off('message', onMessage).off('error', onError);
        worker.unref();
      }
    }
    return undefined;
  }
}
