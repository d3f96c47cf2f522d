import type { Dialect } from '../artefacts/incident';
import { epochMicros } from '../time';
import { isOfTimeThatCameTwice, type AuditDialect, type AuditRecord } from './audit-record';
import { BlockBytes } from './block-bytes';
import { isSameBytes } from './byte-names';
import { showsTransactionControl } from './delivery';
import { ROW, type LineIndex, type Sieve } from './line-index';
import { CONNECTION_BITS, noteConnection, numberOf, type BlockFacts, type Overlap } from './log-blocks';
import { LineJoiner } from './log-lines';
import type { Selection } from './log-source';
import {
  connectionNumber,
  hasOneStatement,
  KIND,
  kindOf,
  MysqlRow,
  passedOver,
  STATEMENT_KINDS,
} from './mysql-row';
import { WritePacker, type PackedWrites } from './packed-writes';
import { PgauditRow } from './pgaudit-row';
import { LONGEST_RECORD, RECORD_BYTES, type RecordBytes } from './record-bytes';
import { selects } from './selects';

/** One block's bytes: `read` fills a buffer with the next ones, 0 at the log's end; it may give more than the block's own. */
export interface Block {
  /** Records that begin among so many bytes are the block's; they may end behind them. */
  readonly ownBytes: number;
  /** Whether the log begins here; elsewhere the byte before the block comes first. */
  readonly isFirst: boolean;
  readonly read: (into: Buffer) => number;
  /** Null where it is not known, so that no statement is cut to its head. */
  readonly overlap: Overlap | null;
}

/** What the scan of a block gives. */
export interface ScannedBlock {
  readonly facts: BlockFacts;
  /** The selected records, in the order of the log. */
  readonly records: readonly AuditRecord[];
  /** Of a selection of writes: these instead. */
  readonly writes: PackedWrites | null;
  readonly overlap: Overlap | null;
}

/** Width of the time at the beginning of a record, without the comma that follows it. */
const TIME_WIDTH: Readonly<Record<Dialect, number | null>> = {
  'aurora-mysql': 16,
  'server-audit': 17,
  pgaudit: null,
};
const PGAUDIT_TIME = 19;
/** What makes a time a record, to be parsed for its time alone. */
const AFTER_TIME: Readonly<Record<Dialect, string>> = {
  'aurora-mysql': ",a,b,c,1,1,QUERY,,'',0",
  'server-audit': ",a,b,c,1,1,QUERY,,'',0",
  pgaudit: ' UTC:a(1):b@c:[1]:LOG:  AUDIT: SESSION,1,1,READ,SELECT,,,x,<not logged>',
};
const BITS = CONNECTION_BITS;
const CONTROL = KIND.control;
const [kindOfRow, isOneStatement] = [kindOf, hasOneStatement];
const RETURN = 0x0d;
/** What `sift` stops at is mostly over after so many lines. */
const FEW_LINES = 64;
/** Lines of a log that end behind their block are mostly this short. */
const TAIL_BYTES = 64 * 1024;
const MORE_BYTES = 1024 * 1024;
/** Here, since an imported name is looked up at each use. */
const { length: ROW_LENGTH, end: ROW_END, comma: ROW_COMMA, commas: ROW_COMMAS } = ROW;
const { connection: ROW_CONNECTION, operation: ROW_OPERATION, object: ROW_OBJECT } = ROW;
const { isNewHost: ROW_IS_NEW_HOST, time: ROW_TIME } = ROW;

/**
 * Scans a log's blocks for the records of a selection: looks at bytes first, and decodes and parses
 * only what may matter, which is what makes gigabytes a matter of seconds. Blocks do not depend on
 * each other: each record is of the block in which it begins.
 */
export class BlockScanner {
  private readonly format: RecordBytes;
  private readonly timeWidth: number | null;
  private readonly row = new MysqlRow();
  private readonly packer: WritePacker | null;
  /** Numbers of the connections that are selected, or whose texts are needed whole. */
  private readonly numbers: ReadonlySet<number>;
  private readonly since: number;
  private readonly until: number;
  private readonly lastTime: Buffer;
  private readonly pgauditRow = new PgauditRow();
  private readonly isOfConnections: boolean;
  private lastTimeAt = NaN;
  /** Whether it is uncertain by more than the format is, which only the whole record tells. */
  private isLastTimeWide = false;
  /** The kinds of records that the selection holds none of. */
  private readonly passedOver: number;
  /** Null where the log is not sifted. */
  private readonly sieve: Sieve | null;
  /** The row of the last index whose record was looked at by its bytes. */
  private lastRow = -1;

  private connections = new Uint32Array(0);
  private hosts = new Set<string>();
  private oldest = Infinity;
  private newest = -Infinity;
  private count = 0;
  private unparsed = 0;
  private controls = false;
  private found: AuditRecord[] = [];
  private overlap: Overlap | null = null;

  constructor(
    private readonly dialect: AuditDialect,
    private readonly selection: Selection,
    private readonly lines: LineIndex,
  ) {
    this.format = RECORD_BYTES[dialect.name];
    this.timeWidth = TIME_WIDTH[dialect.name];
    this.lastTime = Buffer.alloc(this.timeWidth ?? PGAUDIT_TIME);
    // what a condition says takes a closer look
    this.passedOver = passedOver(selection) & ~KIND.conditional;
    this.isOfConnections = selection.kind === 'connections';
    this.since = selection.window.since ?? -Infinity;
    this.until = selection.window.until ?? Infinity;
    const ids =
      selection.kind === 'connections'
        ? selection.connections.map(({ connectionId }) => connectionId)
        : selection.kind === 'writes'
          ? (selection.headsExcept ?? [])
          : [];
    this.numbers = new Set(ids.map(numberOf));
    this.sieve =
      dialect.name !== 'aurora-mysql'
        ? null
        : {
            since: this.since,
            until: this.until,
            passedOver: passedOver(selection),
            statementKinds: STATEMENT_KINDS,
            connections: this.isOfConnections ? this.numbers : null,
          };
    const packs =
      selection.kind === 'writes' && selection.headsExcept !== undefined && this.timeWidth !== null;
    this.packer = packs
      ? new WritePacker(dialect.name === 'server-audit', (text) => {
          const parsed = dialect.parse({ text, recordedAt: null, stream: '' });
          return typeof parsed === 'string' ? null : parsed;
        })
      : null;
  }

  scan(block: Block): ScannedBlock {
    this.connections = new Uint32Array(CONNECTION_BITS / 32);
    this.hosts = new Set();
    this.oldest = Infinity;
    this.newest = -Infinity;
    this.count = 0;
    this.unparsed = 0;
    this.controls = false;
    this.found = [];
    this.overlap = block.overlap;
    this.packer?.begin();
    this.pgauditRow.begin();
    if (this.sieve !== null) this.lines.beginSift(this.sieve);
    this.cut(block);
    if (this.sieve !== null) this.noteSifted();
    return {
      facts: {
        bytes: block.ownBytes,
        records: this.count,
        unparsed: this.unparsed,
        oldestAt: this.oldest === Infinity ? null : epochMicros(this.oldest),
        newestAt: this.newest === -Infinity ? null : epochMicros(this.newest),
        serverHosts: [...this.hosts],
        showsTransactionControl: this.controls,
        connections: this.connections,
      },
      records: this.found,
      writes: this.packer?.finish(this.lines.bytes) ?? null,
      overlap: block.overlap,
    };
  }

  /** Finds the block's records, which begin where a line begins with a time, and end where the next one begins. */
  private cut({ ownBytes, isFirst, read }: Block): void {
    const { lines, format } = this;
    const block = new BlockBytes(lines, read);
    let ownEnd = lines.begin + ownBytes + (isFirst ? 0 : 1);
    block.fill(ownBytes + TAIL_BYTES);
    /** Where the record begins that is being read; -1 while none of the block's has begun. */
    let record = isFirst ? lines.begin : -1;
    let isOneLine = true;
    let from = lines.begin;
    for (;;) {
      if (this.sieve !== null && record === from) {
        from = record = this.sift(from, ownEnd, block.end);
        if (from >= ownEnd) return;
      }
      const count = lines.index(from, block.filled, this.sieve === null ? undefined : FEW_LINES);
      if (this.timeWidth !== null) lines.describe(count, this.timeWidth);
      this.lastRow = -1;
      const indexedFrom = from;
      for (let row = 0; row < count * ROW_LENGTH; row += ROW_LENGTH) {
        const next = (lines.rows[row + ROW_END] ?? 0) + 1;
        if (lines.rows[row] !== record) isOneLine = false;
        if (record === -1 && next >= ownEnd) return;
        const isLast = block.isEnd && next >= block.filled;
        const isShown = block.holds(next, format.lookAhead);
        if (!isShown && !block.isEnd) break;
        from = next;
        if (!isLast && !(isShown && format.begins(lines.bytes, next))) continue;
        if (record !== -1 && next - 1 > record) {
          if (isOneLine) this.takeRow(row);
          else this.takeText(record, next - 1);
        }
        if (isLast || next >= ownEnd) return;
        record = next;
        isOneLine = true;
      }
      if ((lines.isFull(count) || count === FEW_LINES) && from > indexedFrom) continue;
      if (block.isEnd || (record === -1 && block.filled >= ownEnd)) return;
      if (record !== -1 && block.filled - record > LONGEST_RECORD) {
        this.takeText(record, record + LONGEST_RECORD);
        const moved = block.dropBefore(record + LONGEST_RECORD);
        ownEnd -= moved;
        from = Math.max(from - moved, lines.begin);
        record = lines.begin;
        isOneLine = false;
      }
      block.fill(MORE_BYTES);
    }
  }

  /** Takes the records from the one that begins at `from` on that are sifted; gives where the next one begins. */
  private sift(from: number, ownEnd: number, end: number): number {
    const { lines } = this;
    for (let at = from; ;) {
      at = lines.sift(at, ownEnd, end);
      const count = lines.siftedRows;
      for (let row = 0; row < count * ROW_LENGTH; row += ROW_LENGTH) this.takeSifted(row);
      if (!lines.isFull(count)) return at;
    }
  }

  /** A row that needs a closer look, of a record that has been counted. */
  private takeSifted(number: number): void {
    const { rows, times } = this.lines;
    if (rows[number + ROW_IS_NEW_HOST] === 1) this.addHost(number);
    const at = times[number / 2 + ROW_TIME] ?? -1;
    const connection = rows[number + ROW_CONNECTION] ?? 0;
    if (this.isWanted(at, connection)) this.takeWanted(number, at, connection);
  }

  private noteSifted(): void {
    const { records, kinds, oldest, newest, connections } = this.lines.sifted();
    this.count += records;
    this.oldest = Math.min(this.oldest, oldest);
    this.newest = Math.max(this.newest, newest);
    if ((kinds & CONTROL) !== 0) this.controls = true;
    connections.forEach((bits, i) => {
      this.connections[i] = (this.connections[i] ?? 0) | bits;
    });
  }

  /** A record of one line: only bytes are looked at unless it may be selected. */
  private takeRow(number: number): void {
    if (this.timeWidth === null) this.takePgauditRow(number);
    else this.takeMysqlRow(number, this.timeWidth);
  }

  private takeMysqlRow(number: number, timeWidth: number): void {
    const { rows, bytes, times } = this.lines;
    const start = rows[number] ?? 0;
    const isShaped = (rows[number + ROW_COMMAS] ?? 0) === 8 && rows[number + ROW_COMMA] === start + timeWidth;
    const at = !isShaped
      ? NaN
      : timeWidth === 16
        ? (times[number / 2 + ROW_TIME] ?? -1)
        : this.timeAt(bytes, start);
    if (!(at >= 0)) {
      this.takeRowText(number);
      return;
    }
    // the row before may have been none of these records
    const isNewHost = rows[number + ROW_IS_NEW_HOST] === 1 || number !== this.lastRow + ROW_LENGTH;
    this.lastRow = number;
    if (isNewHost) this.addHost(number);
    const connection = rows[number + ROW_CONNECTION] ?? 0;
    if (kindOfRow(rows[number + ROW_OPERATION] ?? 0, rows[number + ROW_OBJECT] ?? 0) & CONTROL)
      this.controls = true;
    if (this.note(at, connection)) this.takeWanted(number, at, connection);
  }

  private addHost(number: number): void {
    const { rows, bytes } = this.lines;
    const host = (rows[number + ROW_COMMA] ?? 0) + 1;
    this.hosts.add(bytes.toString('utf8', host, rows[number + ROW_COMMA + 1]));
  }

  /** Takes a record of a wanted time and connection, if it is of the selection. */
  private takeWanted(number: number, at: number, connection: number): void {
    const { row } = this;
    const { rows, bytes } = this.lines;
    const kind = kindOfRow(rows[number + ROW_OPERATION] ?? 0, rows[number + ROW_OBJECT] ?? 0);
    // most records are of a kind that does not matter
    if ((kind & this.passedOver) !== 0 && isOneStatement(rows, number)) return;
    row.read(bytes, rows, number);
    if (!this.controls && row.showsControl()) this.controls = true;
    if (!row.maySelect(this.selection)) return;
    if (this.packer !== null && row.isOneStatement && row.isStatement && this.mayCut(at, connection)) {
      if (this.packer.addHead(row, at)) return;
    }
    this.count--;
    this.takeLine(row.text());
  }

  private takePgauditRow(number: number): void {
    const { pgauditRow } = this;
    const { rows, bytes } = this.lines;
    const kind = pgauditRow.read(bytes, rows, number);
    if (kind === 'other') return;
    const at = kind === 'audit' ? this.timeAt(bytes, rows[number] ?? 0) : NaN;
    if (Number.isNaN(at)) {
      this.takeRowText(number);
      return;
    }
    this.hosts.add('');
    if (!this.controls && pgauditRow.showsControl()) this.controls = true;
    const connection = connectionNumber(bytes, pgauditRow.connectionId, pgauditRow.connectionIdEnd);
    if (!this.note(at, connection) || !pgauditRow.maySelect(this.selection)) return;
    const record = pgauditRow.record(epochMicros(at));
    if (record === null) {
      this.count--;
      this.takeRowText(number);
    } else if (selects(this.selection, record)) this.found.push(record);
  }

  /** Counts a record; says whether its time and connection may be selected. */
  private note(at: number, connection: number): boolean {
    this.count++;
    if (at > this.newest) this.newest = at;
    if (at < this.oldest) this.oldest = at;
    const { connections } = this;
    // as `noteConnection` does
    const bit = connection & (BITS - 1);
    connections[bit >>> 5] = (connections[bit >>> 5] ?? 0) | (1 << (bit & 31));
    return this.isWanted(at, connection);
  }

  private isWanted(at: number, connection: number): boolean {
    if (at < this.since || at > this.until) return false;
    return !this.isOfConnections || this.numbers.has(connection);
  }

  /** Whether a statement's head is enough: not where the same record may stand in another block, nor of the incident's own. */
  private mayCut(at: number, connection: number): boolean {
    const { overlap, isLastTimeWide } = this;
    return (
      overlap !== null &&
      !isLastTimeWide &&
      at > overlap.upTo &&
      at < overlap.from &&
      !this.numbers.has(connection)
    );
  }

  /** The time of the record at `start` in microseconds, as its text tells; NaN where there is none. */
  private timeAt(bytes: Buffer, start: number): number {
    // many records share a second
    const { lastTime } = this;
    if (isSameBytes(lastTime, bytes, start, start + lastTime.length)) return this.lastTimeAt;
    bytes.copy(lastTime, 0, start, start + lastTime.length);
    const text = `${lastTime.toString('latin1')}${AFTER_TIME[this.dialect.name]}`;
    const parsed = this.dialect.parse({ text, recordedAt: null, stream: '' });
    this.lastTimeAt = typeof parsed === 'string' ? NaN : parsed.executedAt;
    this.isLastTimeWide = typeof parsed !== 'string' && isOfTimeThatCameTwice(parsed);
    return this.lastTimeAt;
  }

  private takeRowText(row: number): void {
    const { rows, bytes } = this.lines;
    const end = rows[row + ROW_END] ?? 0;
    const text = bytes.toString('utf8', rows[row], bytes[end - 1] === RETURN ? end - 1 : end);
    if (text !== '') this.takeLine(text);
  }

  /** What may be several lines: put together again by the dialect's own rules. */
  private takeText(start: number, end: number): void {
    const joiner = new LineJoiner(this.dialect);
    for (const line of this.lines.bytes.toString('utf8', start, end).split('\n')) {
      for (const text of joiner.take(line.endsWith('\r') ? line.slice(0, -1) : line)) this.takeLine(text);
    }
    for (const text of joiner.end()) this.takeLine(text);
  }

  private takeLine(text: string): void {
    const parsed = this.dialect.parse({ text, recordedAt: null, stream: '' });
    if (parsed === 'unparsed') this.unparsed++;
    if (parsed === 'unparsed' || parsed === 'other') return;
    this.count++;
    if (parsed.executedAt > this.newest) this.newest = parsed.executedAt;
    if (parsed.executedAt < this.oldest) this.oldest = parsed.executedAt;
    noteConnection(this.connections, numberOf(parsed.connectionId));
    this.hosts.add(parsed.serverHost);
    this.controls ||= showsTransactionControl(parsed);
    if (!selects(this.selection, parsed)) return;
    if (this.packer === null) this.found.push(parsed);
    else this.packer.addWhole(parsed);
  }
}
