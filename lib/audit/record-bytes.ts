import type { Dialect } from '../artefacts/incident';

/** Finds the bounds of records in raw bytes without decoding them. */
export interface RecordBytes {
  /** Whether a record begins at this index, as far as the shape of its time tells. */
  readonly begins: (bytes: Buffer, at: number) => boolean;
  /** How many bytes `begins` looks at. */
  readonly lookAhead: number;
}

/** A record that never ends is cut at this length rather than filling the memory. */
export const LONGEST_RECORD = 8 * 1024 * 1024;

const COMMA = 0x2c;
const SPACE = 0x20;
const HYPHEN = 0x2d;
const NEWLINE = 0x0a;

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

export const RECORD_BYTES: Readonly<Record<Dialect, RecordBytes>> = {
  'aurora-mysql': {
    begins: (bytes, at) => bytes[at + 16] === COMMA && isDigit(bytes[at]) && isDigit(bytes[at + 15]),
    lookAhead: 17,
  },
  'server-audit': {
    begins: (bytes, at) => bytes[at + 17] === COMMA && bytes[at + 8] === SPACE && isDigit(bytes[at]),
    lookAhead: 18,
  },
  pgaudit: {
    begins: (bytes, at) => bytes[at + 4] === HYPHEN && bytes[at + 10] === SPACE && isDigit(bytes[at]),
    lookAhead: 11,
  },
};

/** Where the last record begins whose beginning these bytes show after a line break; null where they show none. */
export function lastRecordBegin(bytes: Buffer, { begins, lookAhead }: RecordBytes): number | null {
  let newline = bytes.lastIndexOf(NEWLINE, bytes.length - 1 - lookAhead);
  while (newline > 0 && !begins(bytes, newline + 1)) newline = bytes.lastIndexOf(NEWLINE, newline - 1);
  return newline > 0 ? newline + 1 : null;
}
