import type { AuditLine } from '../../engines/database-cluster';
import { makeRandom, type Random } from './random';
import type { LogsSettings } from './settings';
import { bytesOf, type LogEvent } from './store/log-event';
import type { LogStore } from './store/log-store';

/** Lines after which a file is closed and the next one begins. */
const LINES_PER_FILE = { least: 5, most: 30 };
const MOST_EVENT_BYTES = 256 * 1024;

/** One of the files over which an instance stripes its lines; the agent reads each at its own pace. */
interface AuditFile {
  /** From the writing of its lines to their record time. */
  readonly lagMs: number;
  linesLeft: number;
  /** The event that may still take in lines. */
  open: { readonly event: LogEvent; lines: number } | undefined;
}

/** Aurora MySQL's audit log, or Aurora PostgreSQL's one log of everything. */
export type DeliveredLog = 'audit' | 'postgresql';

/**
 * Brings audit lines to CloudWatch Logs as Aurora MySQL does: each instance writes its lines by
 * turns into several files that rotate, each file arrives late by a lag of its own, so record times
 * follow the order of writing within a file and in no way across files. Every line arrives once.
 * PostgreSQL's log arrives the same way, but each of its records, of one line or several, in an event of its own.
 */
export class AuditDelivery {
  private readonly random: Random;
  private readonly filesOf = new Map<string, (AuditFile | undefined)[]>();

  constructor(
    private readonly store: LogStore,
    private readonly settings: LogsSettings,
  ) {
    this.random = makeRandom(settings.seed);
  }

  deliver(
    {
      cluster,
      instance,
      log,
    }: { readonly cluster: string; readonly instance: string; readonly log: DeliveredLog },
    line: AuditLine,
  ): void {
    const groupName = `/aws/rds/cluster/${cluster}/${log}`;
    const group = this.store.groups.get(groupName) ?? this.store.createGroup(groupName);
    const stream = group.streams.get(instance) ?? this.store.createStream(group, instance);
    const file = this.nextFile(`${cluster}/${instance}`);
    file.linesLeft -= 1;
    if (log === 'audit' && this.joins(line, file)) return;
    // no record is stamped before it is written, and none is ingested in the past
    const timestamp = Math.floor(line.writtenAt / 1000) + file.lagMs;
    const ingestionTime = Math.max(timestamp + this.settings.logIngestionDelayMs, this.settings.now());
    const event = this.store.append(group, stream, { timestamp, ingestionTime, message: line.text });
    file.open = { event, lines: 1 };
  }

  /** Adds the line to the file's last event, if that may hold several and is still on its way. */
  private joins({ text, writtenAt }: AuditLine, { open }: AuditFile): boolean {
    if (open === undefined || open.lines >= this.settings.auditLinesPerEvent) return false;
    const { event } = open;
    if (event.ingestionTime <= this.settings.now() || event.timestamp < writtenAt / 1000) return false;
    if (bytesOf(event.message) + bytesOf(text) > MOST_EVENT_BYTES) return false;
    event.message += `\n${text}`;
    open.lines += 1;
    return true;
  }

  private nextFile(instance: string): AuditFile {
    const { auditFiles, logDelayMs, logJitterMs } = this.settings;
    const files = this.filesOf.get(instance) ?? Array.from({ length: auditFiles }, () => undefined);
    this.filesOf.set(instance, files);
    const index = Math.floor(this.random() * files.length);
    const current = files[index];
    if (current !== undefined && current.linesLeft > 0) return current;
    const lagMs = Math.max(Math.round(logDelayMs + (this.random() * 2 - 1) * logJitterMs), 0);
    const { least, most } = LINES_PER_FILE;
    const next = {
      lagMs,
      linesLeft: least + Math.floor(this.random() * (most - least + 1)),
      open: undefined,
    };
    files[index] = next;
    return next;
  }
}
