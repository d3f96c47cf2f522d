import { bytesOf, type LogEvent } from './log-event';

/** What AWS puts into one page of events at most. */
export const MOST_EVENTS_PER_PAGE = 10_000;
const MOST_BYTES_PER_PAGE = 1_048_576;

/** A place between two events: before the one of this time and number. */
export type Place = readonly [timestamp: number, sequence: number];

export function placeBefore({ timestamp, sequence }: LogEvent): Place {
  return [timestamp, sequence];
}

export function placeAfter({ timestamp, sequence }: LogEvent): Place {
  return [timestamp, sequence + 1];
}

export function isBefore({ timestamp, sequence }: LogEvent, place: Place): boolean {
  return timestamp < place[0] || (timestamp === place[0] && sequence < place[1]);
}

/** The first of the events, at least one, that go into a page. */
export function fitPage(events: readonly LogEvent[], limit: number): LogEvent[] {
  let bytes = 0;
  const end = events.slice(0, limit).findIndex((event, index) => {
    bytes += bytesOf(event.message);
    return index > 0 && bytes > MOST_BYTES_PER_PAGE;
  });
  return events.slice(0, end < 0 ? limit : end);
}
