import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { interrupted, output } from '../../lib/cli';

/** What Logs Insights charges for a gigabyte scanned, about, in US dollars; it differs by region. */
const USD_PER_GB = 0.005;
const ASK_ABOVE_GB = 100;
const TELL_ABOVE_GB = 1;

/** Where a person is asked: nobody is there unless both are a terminal. */
export interface Asking {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable & { readonly isTTY?: boolean };
}

/** Tells what a wide query costs and asks before one that scans much; without a terminal only --yes lets it pass. */
export function approveWith(
  yes: boolean,
  /** Keeps the terminal free of progress while it asks; what it gives lets progress go on. */
  hush: () => () => void,
  { input, output: terminal }: Asking = { input: process.stdin, output: process.stderr },
): (bytes: number, what: string) => Promise<boolean> {
  let approved = yes;
  return async (bytes, what) => {
    const gigabytes = bytes / 1e9;
    if (gigabytes <= TELL_ABOVE_GB) return true;
    const cost = `the query for ${what} scans about ${gigabytes.toFixed(0)} GB, ${(gigabytes * USD_PER_GB).toFixed(2)} USD`;
    if (approved || gigabytes <= ASK_ABOVE_GB || input.isTTY !== true || terminal.isTTY !== true) {
      output.say(cost);
      return approved || gigabytes <= ASK_ABOVE_GB;
    }
    const goOn = hush();
    const asking = createInterface({ input, output: terminal });
    try {
      const answer = await asking.question(`${cost}; go on? [y/N] `, { signal: interrupted });
      approved = /^y(es)?$/i.test(answer.trim());
      return approved;
    } finally {
      asking.close();
      goOn();
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
