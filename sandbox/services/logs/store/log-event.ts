/** One log event; times in milliseconds since the epoch. */
export interface LogEvent {
  /** Counts all events of the sandbox in the order in which they were handed in. */
  readonly sequence: number;
  readonly group: string;
  readonly stream: string;
  readonly timestamp: number;
  /** Before it nobody sees the event. */
  readonly ingestionTime: number;
  /** Grows only until the event is ingested. */
  message: string;
}

/** The order of a log: by record time, then as handed in. */
export function compareEvents(a: LogEvent, b: LogEvent): number {
  return a.timestamp - b.timestamp || a.sequence - b.sequence;
}

/** What AWS counts for an event beside its text, in PutLogEvents' limits and in stored bytes. */
const OVERHEAD_BYTES = 26;

export function bytesOf(message: string): number {
  return Buffer.byteLength(message) + OVERHEAD_BYTES;
}

/** A 56-digit number, as AWS's are; grows with time and order. */
export function eventIdOf({ timestamp, sequence }: LogEvent): string {
  return `3${String(timestamp).padStart(20, '0')}${String(sequence).padStart(35, '0')}`;
}

/** `@ptr`: opaque to clients, and good for GetLogRecord. */
export function pointerOf({ group, stream, sequence }: LogEvent): string {
  return Buffer.from(JSON.stringify([group, stream, sequence])).toString('base64');
}
