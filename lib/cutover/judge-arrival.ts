import { formatDuration } from '../time';
import { describeSessions, ofUsers, type Session } from './connections';

/** What is seen at one moment. */
export interface Sighting {
  /** On the clusters that the application is to leave; null where nobody can get in. */
  readonly left: readonly Session[] | null;
  /** On those that it is to reach. */
  readonly reached: readonly Session[];
  /** How much longer a resolver may remember the old DNS record. */
  readonly ttlLeftMs: number;
}

export interface ArrivalJudgement {
  /** What is still to happen, in words; nothing once the application has arrived. */
  readonly waitingFor: readonly string[];
  readonly left: string;
  readonly reached: string;
}

/** Whether the application has arrived: every user named has, or anyone where none is, and nobody is left behind. */
export function judgeArrival(
  { left, reached, ttlLeftMs }: Sighting,
  users: readonly string[],
): ArrivalJudgement {
  const behind = ofUsers(left ?? [], users);
  const there = ofUsers(reached, users);
  const absent = users.filter((name) => !there.some(({ user }) => user === name));
  return {
    waitingFor: [
      ...(ttlLeftMs > 0 ? [`the DNS record's time to live, ${formatDuration(ttlLeftMs)} more`] : []),
      ...(behind.length > 0 ? [`the sessions left behind to end: ${describeSessions(behind)}`] : []),
      ...(there.length === 0 || absent.length > 0
        ? [`${absent.length === 0 ? 'anyone' : absent.join(', ')} to connect to the other cluster`]
        : []),
    ],
    left: left === null ? 'fenced: nobody gets in' : describeSessions(behind),
    reached: describeSessions(there),
  };
}
