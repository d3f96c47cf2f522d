import { AwsError } from '../../../protocols/operation';
import { compareEvents, pointerOf, type LogEvent } from './log-event';

export interface LogStream {
  readonly name: string;
  /** In milliseconds since the epoch. */
  readonly createdAt: number;
  /** In the order of `compareEvents`, those included that nobody sees yet. */
  readonly events: LogEvent[];
}

export interface LogGroup {
  readonly name: string;
  readonly createdAt: number;
  readonly streams: Map<string, LogStream>;
}

/** All log groups of the sandbox, in memory, kept until it ends. */
export class LogStore {
  readonly groups = new Map<string, LogGroup>();
  private readonly all: LogEvent[] = [];

  constructor(private readonly now: () => number) {}

  createGroup(name: string): LogGroup {
    if (this.groups.has(name)) throw alreadyExists('log group');
    const group: LogGroup = { name, createdAt: this.now(), streams: new Map() };
    this.groups.set(name, group);
    return group;
  }

  createStream(group: LogGroup, name: string): LogStream {
    if (group.streams.has(name)) throw alreadyExists('log stream');
    const stream: LogStream = { name, createdAt: this.now(), events: [] };
    group.streams.set(name, stream);
    return stream;
  }

  append(
    group: LogGroup,
    stream: LogStream,
    event: Pick<LogEvent, 'timestamp' | 'ingestionTime' | 'message'>,
  ): LogEvent {
    const stored = { ...event, sequence: this.all.length, group: group.name, stream: stream.name };
    this.all.push(stored);
    // events come nearly in order: the place is near the end
    const before = stream.events.findLastIndex((other) => compareEvents(other, stored) < 0);
    stream.events.splice(before + 1, 0, stored);
    return stored;
  }

  /** Those that have been ingested, in the order of the stream. */
  visibleEvents(stream: LogStream): LogEvent[] {
    const now = this.now();
    return stream.events.filter(({ ingestionTime }) => ingestionTime <= now);
  }

  /** The event of an `@ptr`; undefined for a pointer that the store has not given. */
  findByPointer(pointer: string): LogEvent | undefined {
    const now = this.now();
    const event = this.all[sequenceOf(pointer)];
    return event !== undefined && event.ingestionTime <= now && pointerOf(event) === pointer
      ? event
      : undefined;
  }
}

function sequenceOf(pointer: string): number {
  return Number(/,(\d+)\]$/.exec(Buffer.from(pointer, 'base64').toString())?.[1] ?? -1);
}

function alreadyExists(what: string): AwsError {
  return new AwsError('ResourceAlreadyExistsException', `The specified ${what} already exists`);
}
