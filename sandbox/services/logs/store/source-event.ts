import type { SourceEvent } from '../insights/row';
import { pointerOf, type LogEvent } from './log-event';

/** A stored event as queries see it; what most of them never ask for is made when asked for. */
export class StoredSourceEvent implements SourceEvent {
  constructor(
    private readonly event: LogEvent,
    private readonly accountId: string,
  ) {}

  get timestamp(): number {
    return this.event.timestamp;
  }

  get ingestionTime(): number {
    return this.event.ingestionTime;
  }

  get message(): string {
    return this.event.message;
  }

  get logStream(): string {
    return this.event.stream;
  }

  get log(): string {
    return `${this.accountId}:${this.event.group}`;
  }

  get pointer(): string {
    return pointerOf(this.event);
  }
}
