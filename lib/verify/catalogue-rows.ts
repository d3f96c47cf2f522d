import { epochMicros, type EpochMicros } from '../time';
import type { Row } from './database';

/** Rows of a catalogue query by the table, in columns `s` and `t`, that each is about. */
export function groupByTable(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(tableKey(row));
    if (group === undefined) groups.set(tableKey(row), [row]);
    else group.push(row);
  }
  return groups;
}

export function tableKey(row: Row): string {
  return JSON.stringify([row['s'], row['t']]);
}

/** Seconds since 1970 as text, whole or with up to six decimals. */
export function microsOf(seconds: string): EpochMicros {
  const [whole = '0', fraction = ''] = seconds.split('.');
  return epochMicros(Number(whole) * 1_000_000 + Number(fraction.padEnd(6, '0').slice(0, 6)));
}

export function momentOf(seconds: string | null | undefined): EpochMicros | null {
  return seconds === null || seconds === undefined ? null : microsOf(seconds);
}
