import { discoverFields } from './discovered-fields';
import { Timestamp, type Value } from './values';

/** A log event as a query sees it; times in milliseconds since the epoch. */
export interface SourceEvent {
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
  readonly logStream: string;
  /** `<account>:<log group>`. */
  readonly log: string;
  readonly pointer: string;
}

/** One line of a result on its way through the commands: what they made, over what its event holds. */
export class Row {
  private readonly made = new Map<string, Value>();
  private discovered: ReadonlyMap<string, Value> | undefined;

  /** @param event none after `stats` */
  constructor(readonly event?: SourceEvent) {}

  get(name: string): Value {
    if (this.made.has(name)) return this.made.get(name);
    return this.event && this.ofEvent(name, this.event);
  }

  set(name: string, value: Value): void {
    this.made.set(name, value);
  }

  private ofEvent(name: string, event: SourceEvent): Value {
    switch (name) {
      case '@timestamp':
        return new Timestamp(event.timestamp);
      case '@ingestionTime':
        return new Timestamp(event.ingestionTime);
      case '@message':
        return event.message;
      case '@logStream':
        return event.logStream;
      case '@log':
        return event.log;
      case '@ptr':
        return event.pointer;
      default:
        this.discovered ??= discoverFields(event.message);
        return this.discovered.get(name);
    }
  }
}

/** The fields that every event has. */
export const systemFields = [
  '@timestamp',
  '@ingestionTime',
  '@message',
  '@logStream',
  '@log',
  '@ptr',
] as const;
