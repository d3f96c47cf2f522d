import type { AuditRecord } from '../audit/audit-record';
import { formatDuration, formatInstant, type EpochMicros } from '../time';

/** A busy server that writes nothing for so long may have logs that are not here. */
const GAP_MICROS = 5 * 60 * 1_000_000;

/** Finds the longest silence of one server, from records in order. */
export class GapFinder {
  private last: EpochMicros | null = null;
  private longest: { readonly from: EpochMicros; readonly to: EpochMicros } | null = null;

  constructor(private readonly serverHost: string) {}

  take({ serverHost, executedAt }: AuditRecord): void {
    if (serverHost !== this.serverHost) return;
    const from = this.last;
    this.last = executedAt;
    if (from === null || executedAt - from < GAP_MICROS) return;
    if (this.longest === null || executedAt - from > this.longest.to - this.longest.from) {
      this.longest = { from, to: executedAt };
    }
  }

  warnings(): string[] {
    if (this.longest === null) return [];
    const { from, to } = this.longest;
    return [
      `${this.serverHost || 'the server'} has no write in the logs for ${formatDuration((to - from) / 1000)} from ${formatInstant(from)}: it was idle, or logs are missing`,
    ];
  }
}
