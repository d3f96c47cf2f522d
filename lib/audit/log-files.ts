import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Readable } from 'node:stream';
import type { Dialect } from '../artefacts/incident';
import { accept, messageOf, refuse, type Outcome } from '../errors';
import type { AuditRecord } from './audit-record';
import type { ScannedBlock } from './block-scanner';
import { detectDialect } from './dialect';
import { mayHold, overlapsOf, scannedOf, type BlockFacts, type Overlap } from './log-blocks';
import type { Delivery, LogSource, Selection, SourceRefusal } from './log-source';
import { packedBlocks, unpacked } from './packed-blocks';
import { unpackWrites } from './packed-writes';
import { markLengthOf, plainBlocks, type PlainBlock } from './plain-blocks';
import { RECORD_BYTES } from './record-bytes';
import { ScanPool } from './scan-pool';
import { spoolOf } from './stdin-spool';

export interface LogFilesOptions {
  /** `-` is standard input; names that end in .gz are unpacked. */
  readonly paths: readonly string[];
  /** Null to find it from the lines. */
  readonly dialect: Dialect | null;
  readonly serverTimezone: string;
  readonly stdin: Readable;
  readonly signal: AbortSignal;
  /** For tests: how many threads help, also with small logs, and how many bytes of a file are one block. */
  readonly workers?: number;
  readonly blockBytes?: number;
}

/** So large that a block's own costs do not count, and so small that skipping one does; pgaudit's records are larger in memory. */
const BLOCK_BYTES: Readonly<Record<Dialect, number>> = {
  'aurora-mysql': 4 * 1024 * 1024,
  'server-audit': 4 * 1024 * 1024,
  pgaudit: 512 * 1024,
};
const DETECT_BYTES = 64 * 1024;
/** Smaller logs are read before a worker has begun. */
const WORTH_WORKERS = 48 * 1024 * 1024;
/** Each takes memory of its own. */
const MOST_WORKERS = 3;
/** Files do not grow while they are read: they end where they end. */
const WHOLE: Delivery = { newestAt: null, completeUntil: null, lagMs: null, growing: false, serverHosts: [] };

const ONLY_SEEN =
  'only the instances whose records are in the files are known: whether the cluster has others, files do not tell';

/** Audit logs as files; memory does not depend on their size. The first question reads all of them, later ones what matters to them. */
export async function openLogFiles(options: LogFilesOptions): Promise<Outcome<LogSource, SourceRefusal>> {
  try {
    const paths: string[] = [];
    for (const path of options.paths) paths.push(await readableTwice(path, options));
    const { serverTimezone, signal } = options;
    const name = options.dialect === null ? await detect(paths) : accept(options.dialect);
    if (!name.ok) return name;
    const blockBytes = options.blockBytes ?? BLOCK_BYTES[name.value];
    const files = paths.map((path) => openFile(path, blockBytes));
    const bytes = files.flatMap(({ blocks }) => blocks).reduce((sum, { ownBytes }) => sum + ownBytes, 0);
    // records of pgaudit pass between threads whole, which costs more memory than it saves time
    const isWorth = bytes >= WORTH_WORKERS && name.value !== 'pgaudit';
    const helpers = !isWorth ? 0 : Math.min(availableParallelism() - 1, MOST_WORKERS);
    const most = options.workers ?? helpers;
    const pool = new ScanPool({ dialect: name.value, serverTimezone }, most, signal);
    const begun = pool.begin();
    if (options.workers !== undefined) await begun;
    // a scan tells of a worker that fails
    else begun.catch(() => undefined);
    return accept<LogSource>({
      name: options.paths.join(', '),
      dialect: name.value,
      async fetchRecords(selection, take, settled) {
        const dialect = name.value;
        const lanes = lanesOf(files, dialect, selection, pool);
        const seen: BlockFacts[] = [];
        for (let lane = next(lanes); lane !== null; lane = next(lanes)) {
          signal.throwIfAborted();
          let scanned: ScannedBlock | null;
          try {
            scanned = await lane.read();
          } catch (error) {
            // a packed file may turn out to be cut where it is read to its end
            return refuseUnreadable(error);
          }
          if (scanned === null) lanes.splice(lanes.indexOf(lane), 1);
          else {
            seen.push(scanned.facts);
            deliver(scanned, dialect, take, settled);
          }
          settled?.(Math.min(...lanes.map((each) => each.oldest())));
        }
        return accept(scannedOf(seen));
      },
      fetchDelivery: () => Promise.resolve(accept(WHOLE)),
      fetchGaps: () => Promise.resolve([ONLY_SEEN]),
    });
  } catch (error) {
    return refuseUnreadable(error);
  }
}

/** Anything else is thrown again. */
function refuseUnreadable(error: unknown): Outcome<never, SourceRefusal> {
  if (!isUnreadable(error)) throw error;
  return refuse({
    reason: 'no-log-file',
    message: `a log file cannot be read: ${messageOf(error)}`,
    hint: 'check --log-file',
  });
}

interface LogFile {
  readonly path: string;
  readonly isPacked: boolean;
  readonly blockBytes: number;
  /** Of a plain file. */
  readonly blocks: readonly PlainBlock[];
  /** By block, once it has been read. */
  readonly facts: BlockFacts[];
}

/** A log is read more than once, which a pipe cannot be. */
async function readableTwice(
  path: string,
  { stdin, signal }: Pick<LogFilesOptions, 'stdin' | 'signal'>,
): Promise<string> {
  if (path === '-') return spoolOf(stdin, signal);
  return !isPacked(path) && statSync(path).isFIFO() ? spoolOf(createReadStream(path), signal) : path;
}

function openFile(path: string, blockBytes: number): LogFile {
  const blocks = isPacked(path) ? [] : plainBlocks(path, statSync(path).size, blockBytes);
  return { path, isPacked: isPacked(path), blockBytes, blocks, facts: [] };
}

function isPacked(path: string): boolean {
  return path.endsWith('.gz');
}

async function detect(paths: readonly string[]): Promise<Outcome<Dialect, SourceRefusal>> {
  const lines: string[] = [];
  for (const path of paths) {
    const start = isPacked(path) ? await startOfPacked(path) : startOf(path);
    lines.push(
      ...start
        .toString('utf8', markLengthOf(start), DETECT_BYTES)
        .split('\n')
        .filter((line) => line !== ''),
    );
  }
  return detectDialect(lines);
}

async function startOfPacked(path: string): Promise<Buffer> {
  for await (const chunk of unpacked(path)) return chunk;
  return Buffer.alloc(0);
}

function startOf(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(DETECT_BYTES);
    return start.subarray(0, readSync(file, start));
  } finally {
    closeSync(file);
  }
}

/** Blocks that are read one after the other: those of all plain files, by time, and of each packed one, as they come. */
interface Lane {
  /** The time before which none of its records is still to come. */
  readonly oldest: () => number;
  readonly read: () => Promise<ScannedBlock | null>;
}

/** The lane that is furthest behind in time goes on: files that stripe one log are read side by side. */
function next(lanes: readonly Lane[]): Lane | null {
  const [first, ...others] = lanes;
  return first === undefined ? null : others.reduce((a, b) => (b.oldest() < a.oldest() ? b : a), first);
}

function lanesOf(files: readonly LogFile[], dialect: Dialect, selection: Selection, pool: ScanPool): Lane[] {
  const overlaps = new Map<BlockFacts, Overlap>();
  const needed = files.flatMap(({ facts }) => facts).filter((facts) => mayHold(facts, selection));
  needed.sort((a, b) => (a.oldestAt ?? 0) - (b.oldestAt ?? 0));
  overlapsOf(needed).forEach((overlap, i) => {
    const facts = needed[i];
    if (facts !== undefined) overlaps.set(facts, overlap);
  });
  const packed = files.filter(({ isPacked }) => isPacked);
  return [
    plainLane(files, overlaps, selection, pool),
    ...packed.map((file) => packedLane(file, overlaps, dialect, selection, pool)),
  ];
}

function plainLane(
  files: readonly LogFile[],
  overlaps: ReadonlyMap<BlockFacts, Overlap>,
  selection: Selection,
  pool: ScanPool,
): Lane {
  const all = files.flatMap((file) =>
    file.blocks.map((block, i) => ({ block, file, facts: file.facts[i] ?? null })),
  );
  const blocks = all
    .filter(({ facts }) => facts === null || overlaps.has(facts))
    .sort((a, b) => oldestOf(a.facts) - oldestOf(b.facts))
    .map(({ block, file, facts }) => ({
      block: { ...block, overlap: facts === null ? null : (overlaps.get(facts) ?? null) },
      file,
      facts,
    }));
  const results = pool.scan(
    blocks.map(({ block }) => block),
    selection,
  );
  let done = 0;
  return {
    oldest: () => (done < blocks.length ? oldestOf(blocks[done]?.facts ?? null) : Infinity),
    read: async () => {
      const result = await results.next();
      if (result.done === true) return null;
      const of = blocks[done++];
      if (of?.facts === null) of.file.facts.push(result.value.facts);
      return result.value;
    },
  };
}

function packedLane(
  { path, blockBytes, facts }: LogFile,
  overlaps: ReadonlyMap<BlockFacts, Overlap>,
  dialect: Dialect,
  selection: Selection,
  pool: ScanPool,
): Lane {
  const known = [...facts];
  const overlapOf = (block: number): Overlap | null => {
    const of = known[block];
    return of === undefined ? null : (overlaps.get(of) ?? null);
  };
  const blocks = packedBlocks(path, RECORD_BYTES[dialect], blockBytes, overlapOf);
  const scanner = pool.scanner(selection);
  let done = 0;
  return {
    oldest: () =>
      known.length === 0 ? -Infinity : Math.min(Infinity, ...known.slice(done).map((each) => oldestOf(each))),
    read: async () => {
      for (;;) {
        const result = await blocks.next();
        if (result.done === true) return null;
        const of = known[done++];
        if (of !== undefined && !overlaps.has(of)) continue;
        const scanned = scanner.scan(result.value);
        if (of === undefined) facts.push(scanned.facts);
        return scanned;
      }
    },
  };
}

function deliver(
  { records, writes, overlap }: ScannedBlock,
  dialect: Dialect,
  take: (record: AuditRecord) => void,
  settled: ((before: number) => void) | undefined,
): void {
  for (const record of records) take(record);
  if (writes === null) return;
  unpackWrites(writes, dialect, take, (at) => {
    // inside of a block in order, of whose time no other block holds anything, all that is before is there
    if (writes.isOrdered && overlap !== null && at > overlap.upTo && at < overlap.from) settled?.(at);
  });
}

/** Where nothing is known yet, everything may still come. */
function oldestOf(facts: BlockFacts | null): number {
  return facts === null ? -Infinity : (facts.oldestAt ?? Infinity);
}

function isUnreadable(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    [...UNREADABLE, 'Z_DATA_ERROR', 'Z_BUF_ERROR'].includes(String(error.code))
  );
}

const UNREADABLE = ['ENOENT', 'EISDIR', 'EACCES'];
