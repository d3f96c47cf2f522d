import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { AuditLine, Micros } from '../database-cluster';
import type { BinlogPosition } from './commit-log';
import type { LogReport, LogRequest } from './log-messages';

type Answer = Extract<LogReport, { question: number }>;

/** Follows the logs of an engine's clusters on a thread that runs while there are any. */
export class LogReader {
  private worker: Worker | undefined;
  private failure: Error | undefined;
  private heartbeat: Micros = 0;
  private lastId = 0;
  private lastQuestion = 0;
  private readonly listeners = new Map<number, (line: AuditLine) => void>();
  private readonly pending = new Map<
    number,
    { answered: (answer: Answer) => void; failed: (error: Error) => void }
  >();

  /** Begins to read the logs that a cluster's server will write into `directory`. */
  watch(directory: string, onAuditLine: (line: AuditLine) => void): WatchedLogs {
    const id = ++this.lastId;
    this.listeners.set(id, onAuditLine);
    this.send({ kind: 'watch', id, directory });
    return {
      knownUntil: () => {
        if (this.failure !== undefined) throw this.failure;
        return this.heartbeat;
      },
      nameServer: (serverHost) => {
        this.send({ kind: 'name-server', id, serverHost });
      },
      drain: async () => {
        const answer = await this.ask((question) => ({ kind: 'drain', id, question }));
        if (answer.kind !== 'drained') throw new Error(`'${answer.kind}' does not answer 'drain'`);
        return answer;
      },
      lastCommit: async (at) => {
        const answer = await this.ask((question) => ({ kind: 'last-commit', id, question, at }));
        if (answer.kind !== 'commit') throw new Error(`'${answer.kind}' does not answer 'last-commit'`);
        return answer.commit;
      },
      forget: () => this.forget(id),
    };
  }

  private async forget(id: number): Promise<void> {
    if (!this.listeners.delete(id)) return;
    this.send({ kind: 'forget', id });
    if (this.listeners.size > 0) return;
    const worker = this.worker;
    this.worker = undefined;
    await worker?.terminate();
  }

  private ask(request: (question: number) => LogRequest): Promise<Answer> {
    const question = ++this.lastQuestion;
    return new Promise((answered, failed) => {
      this.send(request(question));
      this.pending.set(question, { answered, failed });
      // whoever waits for an answer keeps the process alive, the thread by itself does not
      this.worker?.ref();
    });
  }

  private send(request: LogRequest): void {
    if (this.failure !== undefined) throw this.failure;
    this.worker ??= this.startWorker();
    this.worker.postMessage(request);
  }

  private startWorker(): Worker {
    // the thread loads TypeScript by itself, whatever loads it here (tsx's hooks, jest's transformer)
    const worker = new Worker(path.join(__dirname, 'log-worker.ts'), {
      execArgv: ['--require', require.resolve('tsx/cjs')],
    });
    worker.on('message', (report: LogReport) => {
      this.receive(report);
    });
    worker.on('error', (cause) => {
      this.failure = new Error(`reading the database's logs failed: ${cause.message}`, { cause });
      for (const { failed } of this.pending.values()) failed(this.failure);
      this.pending.clear();
    });
    worker.unref();
    return worker;
  }

  private receive(report: LogReport): void {
    switch (report.kind) {
      case 'audit-lines':
        for (const line of report.lines) this.listeners.get(report.id)?.(line);
        return;
      case 'heartbeat':
        this.heartbeat = report.at;
        return;
      case 'drained':
      case 'commit':
        this.pending.get(report.question)?.answered(report);
        this.pending.delete(report.question);
        if (this.pending.size === 0) this.worker?.unref();
        return;
    }
  }
}

/** The logs of one cluster. */
export interface WatchedLogs {
  /** Every commit up to then is known. @throws Error where reading failed: nothing is known any more */
  knownUntil(): Micros;
  /** The server host of the audit lines from now on. */
  nameServer(serverHost: string): void;
  /** Reads all that is written by now, and gives its time and the number of the current binary log, 0 before the first. */
  drain(): Promise<{ readonly at: Micros; readonly file: number }>;
  /** The last commit at or before `at`. */
  lastCommit(at: Micros): Promise<BinlogPosition | undefined>;
  forget(): Promise<void>;
}
