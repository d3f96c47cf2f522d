import { readFileSync } from 'node:fs';
import path from 'node:path';
import { noteConnection } from './log-blocks';

/** What one line's row holds, in numbers: where it stands in `bytes`, its first eight commas, and what follows them. */
export const ROW = {
  start: 0,
  /** Of the commas that are there; those that are not are what an earlier row left. */
  comma: 1,
  /** Of the line break. */
  end: 9,
  /** The first semicolon after the eighth comma; 0 for none. */
  semicolon: 10,
  /** How many of the commas there are. */
  commas: 11,
  /** After `describe`, of rows with eight commas: the connection's number, as `connectionNumber` has it. */
  connection: 14,
  /** The first four bytes of the operation and of the object, the first byte lowest. */
  operation: 15,
  object: 16,
  /** 1 unless the server's name is the one of the row before. */
  isNewHost: 17,
  length: 18,
  /** The time in microseconds where it is sixteen digits, otherwise -1: in `times`, of which a row has nine. */
  time: 6,
  timesLength: 9,
} as const;

const MOST_ROWS = 8192;
const PAGE = 64 * 1024;
/** As many bytes as are looked at at once, also behind the last ones. */
const MARGIN = 128;
/** Where `sift` keeps what it was asked for and has seen, behind the rows: line-index.wat tells what stands where. */
const STATE = MOST_ROWS * ROW.length * 4;
const STATEMENT_KINDS = STATE + 1344;
const BYTE_CLASSES = STATEMENT_KINDS + 2 ** 15 * 4;
const STATE_END = BYTE_CLASSES + 256;
/** What bytes are in SQL, as bits: white space, of a name, of a word, more than plain text. */
const CLASSES = [/[ \t-\r]/, /[\w.`]/, /\w/, /[;()'"\\#/-]/];

interface Memory {
  readonly buffer: ArrayBuffer;
  readonly grow: (pages: number) => number;
}
interface Exports {
  readonly memory: Memory;
  readonly index: (from: number, to: number, rows: number, most: number) => number;
  readonly describe: (rows: number, count: number, timeWidth: number) => void;
  readonly sift: (from: number, ownEnd: number, to: number, most: number) => number;
}

/** What `sift` is to look for. */
export interface Sieve {
  /** Times in microseconds; both belong to it. */
  readonly since: number;
  readonly until: number;
  /** The kinds of records to pass over, as mysql-row.ts has them, and the kind of each statement. */
  readonly passedOver: number;
  readonly statementKinds: Int32Array;
  /** The `connectionNumber` of each wanted connection; null for all. */
  readonly connections: ReadonlySet<number> | null;
}

/** What `sift` has seen. */
export interface Sifted {
  readonly records: number;
  /** All bits of their kinds. */
  readonly kinds: number;
  /** `Infinity` and `-Infinity` of no record. */
  readonly oldest: number;
  readonly newest: number;
  /** A bit for each connection, as `noteConnection` notes them. */
  readonly connections: Uint32Array;
}

/** TypeScript knows it only together with a browser's other globals. */
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    readonly Module: new (code: Buffer) => object;
    readonly Instance: new (module: object) => { readonly exports: Exports };
  };
};
let compiled: object | null = null;

/**
 * Finds lines and commas in bytes, faster than a loop in JavaScript does: line-index.wat looks at
 * sixteen bytes at once. Bytes are read into its own memory, so that nothing is copied.
 */
export class LineIndex {
  /** Where the first byte of a log goes. */
  readonly begin = STATE_END;
  /** Good until `reserve` is called; indices are the ones that rows hold. */
  bytes: Buffer = Buffer.alloc(0);
  /** The rows of the last `index`, one behind the other. */
  rows: Int32Array = new Int32Array(0);
  /** The same memory as `rows`. */
  times: Float64Array = new Float64Array(0);
  private readonly exports: Exports;
  /** Those that are in the memory. */
  private statementKinds: Int32Array | null = null;

  constructor() {
    compiled ??= new WebAssembly.Module(readFileSync(path.join(__dirname, 'line-index.wasm')));
    this.exports = new WebAssembly.Instance(compiled).exports;
    this.reserve(PAGE);
    for (let byte = 0; byte < 256; byte++) {
      const char = String.fromCharCode(byte);
      this.bytes[BYTE_CLASSES + byte] = CLASSES.reduce(
        (all, each, i) => all | (each.test(char) ? 1 << i : 0),
        0,
      );
    }
  }

  /** Makes room for so many bytes from `begin` on; what is there stays. */
  reserve(length: number): void {
    const { memory } = this.exports;
    const missing = this.begin + length + MARGIN - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    if (this.bytes.buffer === memory.buffer) return;
    this.bytes = Buffer.from(memory.buffer);
    this.rows = new Int32Array(memory.buffer, 0, STATE_END / 4);
    this.times = new Float64Array(memory.buffer, 0, MOST_ROWS * ROW.timesLength);
  }

  /** Indexes lines that begin at `from` and end before `to`, at most so many; gives how many. */
  index(from: number, to: number, most: number = MOST_ROWS): number {
    this.bytes.fill(0, to, to + MARGIN);
    return this.exports.index(from, to, 0, most);
  }

  /** Describes the rows of the last `index` where they are MySQL's audit records with a time so wide. */
  describe(count: number, timeWidth: number): void {
    this.exports.describe(0, count, timeWidth);
  }

  /** Begins to sift a block. */
  beginSift({ since, until, passedOver, statementKinds, connections }: Sieve): void {
    const { buffer } = this.exports.memory;
    const times = new Float64Array(buffer, STATE, 4);
    times.set([since, until, Infinity, -Infinity]);
    const numbers = new Int32Array(buffer, STATE + 32, 6);
    numbers.set([0, 0, passedOver, connections === null ? 0 : 1, 0, -1]);
    const [seen, wanted] = [
      new Uint32Array(buffer, STATE + 320, 128),
      new Uint32Array(buffer, STATE + 832, 128),
    ];
    for (const bits of [seen, wanted]) bits.fill(0);
    for (const number of connections ?? []) noteConnection(wanted, number);
    if (statementKinds === this.statementKinds) return;
    this.statementKinds = statementKinds;
    new Int32Array(buffer, STATEMENT_KINDS, statementKinds.length).set(statementKinds);
  }

  /**
   * Reads Aurora MySQL's records from the one that begins at `from` on, of those that begin before
   * `ownEnd` and are seen to end before `to`; gives where the first begins that was not read, being
   * of another shape or behind these bounds. There are `siftedRows` then of records that need a closer look.
   */
  sift(from: number, ownEnd: number, to: number): number {
    return this.exports.sift(from, ownEnd, to, MOST_ROWS);
  }

  get siftedRows(): number {
    return this.rows[(STATE + 48) / 4] ?? 0;
  }

  /** All that was seen since `beginSift`. */
  sifted(): Sifted {
    const { buffer } = this.exports.memory;
    const [, , oldest = 0, newest = 0] = new Float64Array(buffer, STATE, 4);
    const [records = 0, kinds = 0] = new Int32Array(buffer, STATE + 32, 2);
    return { records, kinds, oldest, newest, connections: new Uint32Array(buffer, STATE + 320, 128).slice() };
  }

  /** Whether the last `index` or `sift` may have left lines for want of rows. */
  isFull(count: number): boolean {
    return count === MOST_ROWS;
  }
}
