import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { Readable } from 'node:stream';
import { accept, refuse, messageOf, type Outcome } from '../errors';
import type { Dialect } from '../artefacts';
import type { EpochMicros } from '../time';
import { auditDialect, detectDialect } from './dialect';
import type { AuditDialect, AuditRecord } from './audit-record';
import { showsTransactionControl } from './delivery';
import { LineJoiner } from './log-lines';
import type { Delivery, LogSource, Scanned, SourceRefusal } from './log-source';
import { selects } from './selects';

export interface LogFilesOptions {
  /** `-` is standard input; names that end in .gz are unpacked. */
  readonly paths: readonly string[];
  /** Null to find it from the lines. */
  readonly dialect: Dialect | null;
  readonly serverTimezone: string;
  readonly stdin: Readable;
}

const DETECT_LINES = 200;

/** Audit logs as files, read from beginning to end for each question. */
export async function openLogFiles(options: LogFilesOptions): Promise<Outcome<LogSource, SourceRefusal>> {
  try {
    const name = options.dialect === null ? await detect(options) : accept(options.dialect);
    if (!name.ok) return name;
    const dialect = auditDialect(name.value, options.serverTimezone);
    return accept<LogSource>({
      name: options.paths.join(', '),
      dialect: name.value,
      fetchRecords: async (selection, take) =>
        accept(
          await scan(options, dialect, (record) => {
            if (selects(selection, record)) take(record);
          }),
        ),
      fetchDelivery: () =>
        Promise.resolve(
          accept<Delivery>({
            newestAt: null,
            completeUntil: null,
            lagMs: null,
            growing: false,
            serverHosts: [],
          }),
        ),
    });
  } catch (error) {
    if (!(
      error instanceof Error &&
      'code' in error &&
      (error.code === 'ENOENT' || error.code === 'EISDIR' || error.code === 'EACCES')
    ))
      throw error;
    return refuse({
      reason: 'no-log-file',
      message: `a log file cannot be read: ${messageOf(error)}`,
      hint: 'check --log-file',
    });
  }
}

async function detect(options: LogFilesOptions): Promise<Outcome<Dialect, SourceRefusal>> {
  const lines: string[] = [];
  for (const path of options.paths) {
    for await (const line of physicalLines(path, options.stdin)) {
      lines.push(line);
      if (lines.length % DETECT_LINES === 0) break;
    }
  }
  return detectDialect(lines);
}

async function scan(
  options: LogFilesOptions,
  dialect: AuditDialect,
  take: (record: AuditRecord) => void,
): Promise<Scanned> {
  const scanned = { records: 0, unparsed: 0, bytes: 0 };
  const serverHosts = new Set<string>();
  let newestAt: EpochMicros | null = null;
  let controls = false;
  for (const path of options.paths) {
    const joiner = new LineJoiner(dialect);
    const takeText = (text: string): void => {
      const parsed = dialect.parse({ text, recordedAt: null, stream: '' });
      scanned.bytes += text.length;
      if (parsed === 'unparsed') scanned.unparsed++;
      else if (parsed !== 'other') {
        scanned.records++;
        serverHosts.add(parsed.serverHost);
        if (newestAt === null || parsed.executedAt > newestAt) newestAt = parsed.executedAt;
        controls ||= showsTransactionControl(parsed);
        take(parsed);
      }
    };
    for await (const line of physicalLines(path, options.stdin)) joiner.take(line).forEach(takeText);
    joiner.end().forEach(takeText);
  }
  const seen = { newestAt, serverHosts: [...serverHosts].sort(), showsTransactionControl: controls };
  return { ...scanned, seen };
}

async function* physicalLines(path: string, stdin: Readable): AsyncGenerator<string> {
  const file = path === '-' ? stdin : createReadStream(path);
  const stream = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  let rest = '';
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const lines = (rest + chunk.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line;
  }
  if (rest !== '') yield rest;
}
