import { createInterface } from 'node:readline/promises';
import { interrupted, output } from '../../lib/cli';

/** What Logs Insights charges for a gigabyte scanned, about, in US dollars; it differs by region. */
const USD_PER_GB = 0.005;
const ASK_ABOVE_GB = 100;

/** Asks before a query that scans much; without a terminal only --yes lets it pass. */
export function approveWith(yes: boolean): (bytes: number, what: string) => Promise<boolean> {
  let approved = yes;
  return async (bytes, what) => {
    const gigabytes = bytes / 1e9;
    if (approved || gigabytes <= ASK_ABOVE_GB) return true;
    const cost = `about ${gigabytes.toFixed(0)} GB, ${(gigabytes * USD_PER_GB).toFixed(2)} USD`;
    if (!process.stdin.isTTY || !process.stderr.isTTY) {
      output.say(`the query for ${what} records scans ${cost}`);
      return false;
    }
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    try {
      const answer = await terminal.question(`the query for ${what} records scans ${cost}; go on? [y/N] `, {
        signal: interrupted,
      });
      approved = /^y(es)?$/i.test(answer.trim());
      return approved;
    } finally {
      terminal.close();
    }
  };
}

/** Adds up what queries scanned, for a line at the end. */
export class ScanMeter {
  private bytes = 0;

  add(bytes: number): void {
    this.bytes += bytes;
  }

  /** Null where nothing was scanned for money. */
  summary(): string | null {
    if (this.bytes === 0) return null;
    const megabytes = this.bytes / 1e6;
    return `Logs Insights scanned ${megabytes.toFixed(1)} MB, about ${((megabytes / 1000) * USD_PER_GB).toFixed(4)} USD`;
  }
}
