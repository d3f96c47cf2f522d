const SLOTS = 4096;
/** The ends of names tell them apart: connection ids and tables stand there. */
const HASHED = 12;

interface Known {
  readonly bytes: Buffer;
  readonly name: string;
  /** Its number since the last `begin`, if `since` says that it has one. */
  number: number;
  since: number;
}

/** Numbers the names that occur in raw bytes again and again, so that each is decoded once only. */
export class ByteNames {
  /** By number; a name may have more than one. */
  names: string[] = [];
  private readonly slots = new Array<Known | undefined>(SLOTS);
  private since = 0;

  /** Begins a new list of names. */
  begin(): void {
    this.names = [];
    this.since++;
  }

  numberOf(bytes: Buffer, start: number, end: number): number {
    let hash = end - start;
    for (let i = Math.max(start, end - HASHED); i < end; i++) {
      hash = (Math.imul(hash, 31) + (bytes[i] ?? 0)) | 0;
    }
    const slot = (hash ^ (hash >>> 12)) & (SLOTS - 1);
    let known = this.slots[slot];
    if (known === undefined || !isSameBytes(known.bytes, bytes, start, end)) {
      const copy = Buffer.from(bytes.subarray(start, end));
      known = { bytes: copy, name: copy.toString(), number: 0, since: -1 };
      this.slots[slot] = known;
    }
    if (known.since !== this.since) {
      known.since = this.since;
      known.number = this.names.push(known.name) - 1;
    }
    return known.number;
  }
}

/** Whether these bytes are the ones from `start` up to `end`. */
export function isSameBytes(known: Buffer, bytes: Buffer, start: number, end: number): boolean {
  const { length } = known;
  if (length !== end - start) return false;
  for (let i = 0; i < length; i++) {
    if (known[i] !== bytes[start + i]) return false;
  }
  return true;
}
