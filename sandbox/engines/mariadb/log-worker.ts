import { watch, type FSWatcher } from 'node:fs';
import path from 'node:path';
import { parentPort } from 'node:worker_threads';
import { auroraAuditLine } from './audit-lines';
import { CommitLog } from './commit-log';
import { AUDIT_FILE, AuditTail, BinlogTail } from './log-tail';
import type { LogReport, LogRequest } from './log-messages';
import { MicrosClock } from './micros-clock';

/**
 * Runs on a thread of its own, so that nothing the sandbox does delays a stamp: stamps commits and
 * audit records as they arrive. The file system's notices wake it; the poll is for notices that
 * never come, and for the heartbeat that says up to when every commit is known.
 */
const POLL_MS = 50;

/** Where the kernel has no notices left to give (fs.inotify.max_user_instances). */
const POLL_WITHOUT_NOTICES_MS = 2;

interface Watched {
  readonly binlog: BinlogTail;
  readonly audit: AuditTail;
  readonly commits: CommitLog;
  readonly watcher: FSWatcher | undefined;
  serverHost: string;
}

const clock = new MicrosClock();
const clusters = new Map<number, Watched>();
let scanIsDue = false;

function report(message: LogReport): void {
  parentPort?.postMessage(message);
}

/** All statements that are audited after a commit get a later stamp than the commit: hence this order. */
function scan(id: number, cluster: Watched): void {
  const lines = cluster.audit.read();
  for (const { file, group } of cluster.binlog.read()) cluster.commits.append(file, group, clock.now());
  const stamped = lines.flatMap((line) => {
    const writtenAt = clock.now();
    const text = auroraAuditLine(line, writtenAt, cluster.serverHost);
    return text === undefined ? [] : [{ writtenAt, text }];
  });
  if (stamped.length > 0) report({ kind: 'audit-lines', id, lines: stamped });
}

function scanAll(): void {
  scanIsDue = false;
  const startedAt = clock.now();
  for (const [id, cluster] of clusters) scan(id, cluster);
  report({ kind: 'heartbeat', at: startedAt });
}

/** Not at once: a busy server gives a notice a write, and one reading serves them all. */
function scanSoon(): void {
  if (scanIsDue) return;
  scanIsDue = true;
  setImmediate(scanAll);
}

function watchFolder(directory: string): FSWatcher | undefined {
  try {
    return watch(directory, scanSoon);
  } catch {
    return undefined;
  }
}

function poll(): void {
  scanAll();
  const noticed = [...clusters.values()].every((cluster) => cluster.watcher !== undefined);
  setTimeout(poll, noticed ? POLL_MS : POLL_WITHOUT_NOTICES_MS);
}

function answer(request: LogRequest): void {
  if (request.kind === 'watch') {
    clusters.set(request.id, {
      binlog: new BinlogTail(request.directory),
      audit: new AuditTail(path.join(request.directory, AUDIT_FILE)),
      commits: new CommitLog(),
      watcher: watchFolder(request.directory),
      serverHost: '',
    });
    return;
  }
  const cluster = clusters.get(request.id);
  if (cluster === undefined) throw new Error(`no cluster ${request.id} is watched`);
  switch (request.kind) {
    case 'name-server':
      scan(request.id, cluster);
      cluster.serverHost = request.serverHost;
      return;
    case 'drain': {
      scan(request.id, cluster);
      report({
        kind: 'drained',
        question: request.question,
        at: clock.now(),
        file: cluster.binlog.currentFile,
      });
      return;
    }
    case 'last-commit':
      report({ kind: 'commit', question: request.question, commit: cluster.commits.lastUntil(request.at) });
      return;
    case 'forget':
      cluster.watcher?.close();
      cluster.binlog.close();
      cluster.audit.close();
      clusters.delete(request.id);
      return;
  }
}

parentPort?.on('message', answer);
poll();
