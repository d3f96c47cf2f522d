import type { Dialect } from '../artefacts';
import type { AuditDialect, AuditRecord } from './audit-record';
import { showsTransactionControl } from './delivery';
import { LineJoiner } from './log-lines';
import type { Scanned, Selection, Seen } from './log-source';
import { MysqlGlance } from './mysql-bytes';
import {
  lastRecordBegin,
  RECORD_BYTES,
  RecordCutter,
  type RecordBytes,
  type TakeBytes,
} from './record-bytes';
import { selects } from './selects';

/** Width of the time and its comma at the beginning of a record. */
const TIME_WIDTH: Readonly<Record<Dialect, number>> = { 'aurora-mysql': 17, 'server-audit': 18, pgaudit: 0 };
/** Searching whole chunks for so few connection ids is faster than looking at each record. */
const MOST_SEARCHED = 4;
const SEMICOLON = 0x3b;

/**
 * Scans a log's bytes for the records of a selection: looks at bytes first and decodes and parses
 * only what may matter, which is what makes gigabytes a matter of seconds.
 */
export class RecordScanner {
  private readonly cutter: RecordCutter;
  private readonly glance = new MysqlGlance();
  private readonly timeWidth: number;
  private readonly connectionIds: readonly Buffer[];
  /** Connection ids as they stand in a record, where searching chunks for them pays. */
  private readonly searched: readonly string[] | null;
  private readonly sinceText: string | null;
  private readonly hosts = new Map<string, Buffer>();
  private lastHost: Buffer | null = null;
  private readonly newestBytes = Buffer.alloc(32);
  private newestRecord: AuditRecord | null = null;
  private disorder = 0;
  private controls = false;
  private records = 0;
  private unparsed = 0;
  private bytes = 0;
  private nextSemicolon = -1;
  private semicolonsOf: Buffer | null = null;

  constructor(
    private readonly dialect: AuditDialect,
    private readonly selection: Selection,
    private readonly takeRecord: (record: AuditRecord) => void,
    /** The disorder that an earlier scan of the same log has found: what ends early enough is passed over. */
    private readonly knownDisorderMicros: number | null = null,
  ) {
    this.timeWidth = TIME_WIDTH[dialect.name];
    this.connectionIds =
      selection.kind === 'connections'
        ? selection.connections.map(({ connectionId }) => Buffer.from(connectionId))
        : [];
    const isSearch = selection.kind === 'connections' && this.connectionIds.length <= MOST_SEARCHED;
    this.searched = isSearch ? this.connectionIds.map((id) => `,${id.toString()},`) : null;
    // times of 16 digits compare as text
    const { since } = selection.window;
    this.sinceText =
      dialect.name === 'aurora-mysql' && since !== null ? String(since).padStart(16, '0') : null;
    const format = RECORD_BYTES[dialect.name];
    const take: TakeBytes = (bytes, start, end, severalLines) => {
      if (severalLines || this.timeWidth === 0 || !format.begins(bytes, start))
        this.takeText(bytes, start, end);
      else this.takeBytes(bytes, start, end);
    };
    this.cutter = new RecordCutter(format, take, (bytes) => this.mayHold(bytes, format));
  }

  push(chunk: Buffer): void {
    this.bytes += chunk.length;
    this.cutter.push(chunk);
  }

  end(): void {
    this.cutter.end();
  }

  /** Whether the newest record seen here is older than the other's. */
  isBehind(other: RecordScanner): boolean {
    if (this.timeWidth > 0) return this.newestBytes.compare(other.newestBytes) < 0;
    return (this.newestRecord?.executedAt ?? 0) < (other.newestRecord?.executedAt ?? 0);
  }

  result(): Scanned {
    return { records: this.records, unparsed: this.unparsed, bytes: this.bytes, seen: this.seen() };
  }

  private seen(): Seen {
    const newest = [this.newestRecord?.executedAt ?? null, this.newestOfBytes()].filter((at) => at !== null);
    return {
      newestAt: newest.toSorted((a, b) => b - a)[0] ?? null,
      serverHosts: [...this.hosts.keys()].sort(),
      showsTransactionControl: this.controls,
      disorderMicros: this.disorder,
    };
  }

  private newestOfBytes(): AuditRecord['executedAt'] | null {
    if (this.newestBytes[0] === 0) return null;
    const time = this.newestBytes.toString('latin1', 0, this.timeWidth);
    const parsed = this.dialect.parse({
      text: `${time}a,b,c,1,1,QUERY,,'',0`,
      recordedAt: null,
      stream: '',
    });
    return typeof parsed === 'object' ? parsed.executedAt : null;
  }

  /** A record of one line: only bytes are looked at unless it may be selected. */
  private takeBytes(bytes: Buffer, start: number, end: number): void {
    const { glance } = this;
    this.noteNewest(bytes, start);
    glance.read(bytes, start + this.timeWidth, end);
    if (glance.isRecord) {
      this.records++;
      this.noteHost(bytes, glance.hostStart, glance.hostEnd);
      if (!this.controls && glance.showsControl()) this.controls = true;
      if (this.sinceText !== null && isBefore(bytes, start, this.sinceText)) return;
      const isOne = this.isOneStatement(bytes, glance.sqlStart, end);
      if (!glance.maySelect(this.selection, this.connectionIds, bytes, end, isOne)) return;
      this.records--;
    }
    this.takeLine(bytes.toString('utf8', start, bytes[end - 1] === 0x0d ? end - 1 : end));
  }

  /** Whether a chunk may hold anything of the selection; where it certainly does not, its records are not even looked for. */
  private mayHold(bytes: Buffer, format: RecordBytes): boolean {
    // what asks first also counts what there is
    if (this.timeWidth === 0 || this.knownDisorderMicros === null) return true;
    const { selection, searched } = this;
    if (searched !== null) return searched.some((id) => bytes.includes(id));
    const { since } = selection.window;
    if (this.dialect.name !== 'aurora-mysql' || since === null) return true;
    const last = lastRecordBegin(bytes, format);
    if (last === null) return true;
    return Number(bytes.toString('latin1', last, last + 16)) + this.knownDisorderMicros >= since;
  }

  /** Whether no semicolon stands between here and the record's end, or only the one at the statement's end. */
  private isOneStatement(bytes: Buffer, from: number, end: number): boolean {
    if (from === -1) return true;
    if (this.semicolonsOf !== bytes) {
      this.semicolonsOf = bytes;
      this.nextSemicolon = -1;
    }
    if (this.nextSemicolon < from) {
      const at = bytes.indexOf(SEMICOLON, from);
      this.nextSemicolon = at === -1 ? bytes.length : at;
    }
    return this.nextSemicolon >= end - 4;
  }

  private noteNewest(bytes: Buffer, start: number): void {
    const { newestBytes, timeWidth } = this;
    for (let i = 0; i < timeWidth; i++) {
      const difference = (bytes[start + i] ?? 0) - (newestBytes[i] ?? 0);
      if (difference < 0) {
        this.noteDisorder(bytes, start);
        return;
      }
      if (difference > 0) {
        for (let j = i; j < timeWidth; j++) newestBytes[j] = bytes[start + j] ?? 0;
        return;
      }
    }
  }

  private noteDisorder(bytes: Buffer, start: number): void {
    const microsOf = (time: Buffer): number => {
      const digits = time.toString('latin1', 0, this.timeWidth - 1);
      if (this.dialect.name === 'aurora-mysql') return Number(digits);
      // the zone does not matter for a difference
      const [, year, month, day, clock] = /^(\d{4})(\d\d)(\d\d) (.*)$/.exec(digits) ?? [];
      return Date.parse(`${String(year)}-${String(month)}-${String(day)}T${String(clock)}Z`) * 1000;
    };
    const behind = microsOf(this.newestBytes) - microsOf(bytes.subarray(start, start + this.timeWidth));
    // what is no time is no disorder either
    if (behind > this.disorder) this.disorder = behind;
  }

  private noteHost(bytes: Buffer, start: number, end: number): void {
    const { lastHost } = this;
    if (lastHost?.length === end - start) {
      let i = 0;
      while (i < lastHost.length && lastHost[i] === bytes[start + i]) i++;
      if (i === lastHost.length) return;
    }
    const name = bytes.toString('utf8', start, end);
    const known = this.hosts.get(name) ?? Buffer.from(name);
    this.hosts.set(name, known);
    this.lastHost = known;
  }

  /** What may be several lines: put together again by the dialect's own rules. */
  private takeText(bytes: Buffer, start: number, end: number): void {
    const joiner = new LineJoiner(this.dialect);
    for (const line of bytes.toString('utf8', start, end).split('\n')) {
      for (const text of joiner.take(line.endsWith('\r') ? line.slice(0, -1) : line)) this.takeLine(text);
    }
    for (const text of joiner.end()) this.takeLine(text);
  }

  private takeLine(text: string): void {
    const parsed = this.dialect.parse({ text, recordedAt: null, stream: '' });
    if (parsed === 'unparsed') this.unparsed++;
    if (parsed === 'unparsed' || parsed === 'other') return;
    this.records++;
    const behind = (this.newestRecord?.executedAt ?? 0) - parsed.executedAt;
    if (behind < 0) this.newestRecord = parsed;
    else if (behind > this.disorder) this.disorder = behind;
    if (!this.hosts.has(parsed.serverHost)) this.hosts.set(parsed.serverHost, Buffer.from(parsed.serverHost));
    this.controls ||= showsTransactionControl(parsed);
    if (selects(this.selection, parsed)) this.takeRecord(parsed);
  }
}

function isBefore(bytes: Buffer, start: number, time: string): boolean {
  for (let i = 0; i < time.length; i++) {
    const difference = (bytes[start + i] ?? 0) - time.charCodeAt(i);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
