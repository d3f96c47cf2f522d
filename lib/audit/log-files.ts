import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Dialect } from '../artefacts';
import { accept, messageOf, refuse, type Outcome } from '../errors';
import { auditDialect, detectDialect } from './dialect';
import type { Delivery, LogSource, Scanned, SourceRefusal } from './log-source';
import { RecordScanner } from './record-scanner';
import { spoolOf } from './stdin-spool';

export interface LogFilesOptions {
  /** `-` is standard input; names that end in .gz are unpacked. */
  readonly paths: readonly string[];
  /** Null to find it from the lines. */
  readonly dialect: Dialect | null;
  readonly serverTimezone: string;
  readonly stdin: Readable;
}

const CHUNK_BYTES = 1024 * 1024;
const DETECT_BYTES = 64 * 1024;
/** Files do not grow while they are read: they end where they end. */
const WHOLE: Delivery = { newestAt: null, completeUntil: null, lagMs: null, growing: false, serverHosts: [] };

/** Audit logs as files, read from beginning to end for each question; memory does not depend on their size. */
export async function openLogFiles(options: LogFilesOptions): Promise<Outcome<LogSource, SourceRefusal>> {
  try {
    const paths: string[] = [];
    for (const path of options.paths) paths.push(path === '-' ? await spoolOf(options.stdin) : path);
    const name = options.dialect === null ? await detect(paths) : accept(options.dialect);
    if (!name.ok) return name;
    const dialect = auditDialect(name.value, options.serverTimezone);
    /** By file, from its first scan. */
    const disorders = new Map<string, number>();
    return accept<LogSource>({
      name: options.paths.join(', '),
      dialect: name.value,
      async fetchRecords(selection, take) {
        const open = paths.map((path) => ({
          path,
          scanner: new RecordScanner(dialect, selection, take, disorders.get(path) ?? null),
          chunks: chunksOf(path, paths.length === 1 ? CHUNK_BYTES : CHUNK_BYTES / 8),
        }));
        const scanners = open.map(({ scanner }) => scanner);
        // the file that is furthest behind in time goes on: files that stripe one log are read side by side
        while (open.length > 0) {
          const behind = open.reduce((a, b) => (b.scanner.isBehind(a.scanner) ? b : a));
          const next = await behind.chunks.next();
          if (next.done !== true) behind.scanner.push(next.value);
          else {
            behind.scanner.end();
            if (!disorders.has(behind.path)) {
              disorders.set(behind.path, behind.scanner.result().seen?.disorderMicros ?? 0);
            }
            open.splice(open.indexOf(behind), 1);
          }
        }
        return accept(sumOf(scanners.map((scanner) => scanner.result())));
      },
      fetchDelivery: () => Promise.resolve(accept(WHOLE)),
    });
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return refuse({
      reason: 'no-log-file',
      message: `a log file cannot be read: ${messageOf(error)}`,
      hint: 'check --log-file',
    });
  }
}

async function detect(paths: readonly string[]): Promise<Outcome<Dialect, SourceRefusal>> {
  const lines: string[] = [];
  for (const path of paths) {
    for await (const chunk of chunksOf(path, DETECT_BYTES)) {
      lines.push(
        ...chunk
          .toString('utf8', 0, DETECT_BYTES)
          .split('\n')
          .filter((line) => line !== ''),
      );
      break;
    }
  }
  return detectDialect(lines);
}

/** A chunk's bytes are good until the next one is asked for. */
async function* chunksOf(path: string, size: number): AsyncGenerator<Buffer, undefined> {
  if (path.endsWith('.gz')) {
    const packed = createReadStream(path, { highWaterMark: 1024 * 1024 });
    yield* packed.pipe(createGunzip({ chunkSize: 1024 * 1024 })) as AsyncIterable<Buffer>;
    return undefined;
  }
  // reading at once is faster than a stream, and there is nothing else to do meanwhile
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(size);
    for (let length = readSync(file, buffer); length > 0; length = readSync(file, buffer)) {
      yield buffer.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}

function sumOf(parts: readonly Scanned[]): Scanned {
  const seen = parts.flatMap((part) => part.seen ?? []);
  const newest = seen.flatMap(({ newestAt }) => newestAt ?? []);
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  return {
    records: sum(parts.map(({ records }) => records)),
    unparsed: sum(parts.map(({ unparsed }) => unparsed)),
    bytes: sum(parts.map(({ bytes }) => bytes)),
    seen: {
      newestAt: newest.toSorted((a, b) => b - a)[0] ?? null,
      serverHosts: [...new Set(seen.flatMap(({ serverHosts }) => serverHosts))].sort(),
      showsTransactionControl: seen.some(({ showsTransactionControl }) => showsTransactionControl),
      disorderMicros: parts.length === 1 ? (seen[0]?.disorderMicros ?? null) : null,
    },
  };
}

function isUnreadable(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && ['ENOENT', 'EISDIR', 'EACCES'].includes(String(error.code))
  );
}
