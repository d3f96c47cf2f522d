import type { Micros } from '../database-cluster';
import type { CommitGroup } from './binlog-groups';

/** A place in a cluster's binary log. */
export interface BinlogPosition {
  /** 1 for `binlog.000001`. */
  readonly file: number;
  readonly position: number;
  readonly gtid: string;
  readonly stampedAt: Micros;
}

/** When each group of a cluster's binary log committed. Some hundred bytes a commit, for the run's life. */
export class CommitLog {
  private readonly entries: BinlogPosition[] = [];

  append(file: number, group: CommitGroup, stampedAt: Micros): void {
    this.entries.push({ file, position: group.endPosition, gtid: group.gtid, stampedAt });
  }

  /** The last group that committed at or before `at`. */
  lastUntil(at: Micros): BinlogPosition | undefined {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.entries[middle]?.stampedAt ?? Infinity) <= at) low = middle + 1;
      else high = middle;
    }
    return this.entries[low - 1];
  }
}
