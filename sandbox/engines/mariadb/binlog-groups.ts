/**
 * The binary log's event groups: a transaction, or a statement that commits by itself. Events and
 * flags are those of MariaDB's documentation of the replication protocol ("binlog events").
 */
export interface CommitGroup {
  /** Of the byte after the group, in its file: where a replay that includes it must stop. */
  readonly endPosition: number;
  /** `domain-server-sequence`. */
  readonly gtid: string;
}

/** How far a file was read: only whole events, the last group perhaps unfinished. */
export interface BinlogProgress {
  readonly position: number;
  readonly checksums: boolean;
  readonly open?: { readonly gtid: string; readonly standsAlone: boolean };
}

/** Random access to a file that may still grow; `read` is only asked for what lies below `size`. */
export interface BinlogFile {
  readonly size: number;
  read(position: number, length: number): Buffer;
}

/** After the magic number at the head of the file. */
export const BINLOG_START: BinlogProgress = { position: 4, checksums: false };

const HEADER_BYTES = 19;
const EVENT = { query: 2, formatDescription: 15, xid: 16, xaPrepare: 38, gtid: 162, queryCompressed: 165 };
const FLAG_STANDALONE = 1;
const CHECKSUM_BYTES = 4;

/** Reads the whole events after `from`, and gives the groups that they complete, in commit order. */
export function readGroups(
  file: BinlogFile,
  from: BinlogProgress,
): { readonly groups: CommitGroup[]; readonly progress: BinlogProgress } {
  const groups: CommitGroup[] = [];
  let { position, checksums, open } = from;
  while (position + HEADER_BYTES <= file.size) {
    const header = file.read(position, HEADER_BYTES);
    const length = header.readUInt32LE(9);
    const type = header.readUInt8(4);
    const end = position + length;
    if (length < HEADER_BYTES)
      throw new Error(`the binary log has an event of ${length} bytes at ${position}`);
    if (end > file.size) break;
    const body = (): Buffer => file.read(position + HEADER_BYTES, length - HEADER_BYTES);
    if (type === EVENT.formatDescription) {
      checksums = body().at(-CHECKSUM_BYTES - 1) === 1;
    } else if (type === EVENT.gtid) {
      open = readGtid(body(), header.readUInt32LE(5));
    } else if (
      open !== undefined &&
      completesGroup(type, open.standsAlone, () => queryText(body(), checksums))
    ) {
      groups.push({ endPosition: end, gtid: open.gtid });
      open = undefined;
    }
    position = end;
  }
  return { groups, progress: { position, checksums, ...(open && { open }) } };
}

function completesGroup(type: number, standsAlone: boolean, text: () => string): boolean {
  switch (type) {
    case EVENT.xid:
    case EVENT.xaPrepare:
      return true;
    case EVENT.query:
    case EVENT.queryCompressed:
      return standsAlone || /^(COMMIT|ROLLBACK)$/i.test(text());
    default:
      return false;
  }
}

/** Body: sequence (8 bytes), domain (4), flags (1). */
function readGtid(body: Buffer, server: number): { gtid: string; standsAlone: boolean } {
  const sequence = body.readBigUInt64LE(0);
  const domain = body.readUInt32LE(8);
  return {
    gtid: `${domain}-${server}-${sequence}`,
    standsAlone: (body.readUInt8(12) & FLAG_STANDALONE) !== 0,
  };
}

/** Body: thread (4), seconds (4), length of the database's name (1), error (2), length of the variables (2), these, name, NUL, text. */
function queryText(body: Buffer, checksums: boolean): string {
  const start = 13 + body.readUInt16LE(11) + body.readUInt8(8) + 1;
  return body.toString('latin1', start, body.length - (checksums ? CHECKSUM_BYTES : 0));
}
