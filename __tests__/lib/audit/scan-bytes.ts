import type { AuditDialect } from '../../../lib/audit/audit-record';
import { BlockScanner, type ScannedBlock } from '../../../lib/audit/block-scanner';
import { LineIndex } from '../../../lib/audit/line-index';
import type { Selection } from '../../../lib/audit/log-source';

const lines = new LineIndex();

/** Scans a log in blocks of so many bytes, each read in pieces. */
export function scanBytes(
  bytes: Buffer,
  dialect: AuditDialect,
  selection: Selection,
  blockBytes: number,
  pieceBytes = 700,
): ScannedBlock[] {
  const scanner = new BlockScanner(dialect, selection, lines);
  return Array.from({ length: Math.ceil(bytes.length / blockBytes) }, (_, i) => {
    let position = Math.max(0, i * blockBytes - 1);
    return scanner.scan({
      ownBytes: Math.min(blockBytes, bytes.length - i * blockBytes),
      isFirst: i === 0,
      overlap: null,
      read: (into) => {
        const got = bytes.copy(into, 0, position, position + Math.min(into.length, pieceBytes));
        position += got;
        return got;
      },
    });
  });
}
