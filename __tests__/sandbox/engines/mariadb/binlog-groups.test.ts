import { readFileSync } from 'node:fs';
import path from 'node:path';
import { BINLOG_START, readGroups, type BinlogFile } from '../../../../sandbox/engines/mariadb/binlog-groups';

/**
 * Written by MariaDB 10.11.19 for DDL, InnoDB and MyISAM changes, mixed transactions, savepoints,
 * rollbacks, LOCK TABLES, procedures, triggers, sequences, GRANT and XA; `groups.json` is what
 * mariadb-binlog says about it: the end of the last event before the next GTID.
 */
const captured = readFileSync(path.join(__dirname, 'captured/binlog.000001'));
const expected: unknown = JSON.parse(readFileSync(path.join(__dirname, 'captured/groups.json'), 'utf8'));

function fileOf(bytes: Buffer): BinlogFile {
  return {
    size: bytes.length,
    read: (position, length) => {
      if (position + length > bytes.length) throw new Error('read beyond the end');
      return bytes.subarray(position, position + length);
    },
  };
}

describe('readGroups', () => {
  it('finds the groups that mariadb-binlog finds, and where each ends', () => {
    expect(readGroups(fileOf(captured), BINLOG_START).groups).toEqual(expected);
  });

  it('gives each group once, as soon as its last byte is there, however the file grows', () => {
    let progress = BINLOG_START;
    const found = [];
    for (let size = 0; size <= captured.length; size++) {
      const step = readGroups(fileOf(captured.subarray(0, size)), progress);
      progress = step.progress;
      for (const group of step.groups) {
        found.push(group);
        expect(group.endPosition).toBe(size);
      }
    }
    expect(found).toEqual(expected);
  });

  it('refuses bytes that cannot be an event rather than reading on', () => {
    const damaged = Buffer.concat([captured, Buffer.alloc(64)]);
    expect(() => readGroups(fileOf(damaged), BINLOG_START)).toThrow(
      `the binary log has an event of 0 bytes at ${captured.length}`,
    );
  });
});
