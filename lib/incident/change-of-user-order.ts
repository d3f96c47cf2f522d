import { connectionKey, type AuditRecord } from '../audit/audit-record';

/** Following all records once more for each order costs too much for more than these. */
const MOST_ORDERS = 50;

export interface OtherOrder {
  /** The change of user that stands elsewhere in it. */
  readonly change: AuditRecord;
  /** Null where there are too many orders to try. */
  readonly records: readonly AuditRecord[] | null;
}

/**
 * CloudWatch gives records of one time in any order, and a change of user has no query id that would
 * tell its place. The users of the statements around it do, unless all are the same: then each place
 * is possible. Of two that are alike the log may have one twice, as agents deliver lines.
 */
export function ordersOf(ordered: readonly AuditRecord[]): {
  readonly records: readonly AuditRecord[];
  readonly others: readonly OtherOrder[];
} {
  let records = ordered;
  const others: OtherOrder[] = [];
  const isLoose = ({ event, recordedAt }: AuditRecord): boolean =>
    event === 'change-user' && recordedAt !== null;
  for (const change of ordered.filter(isLoose)) {
    const [first, ...rest] = placesOf(change, records);
    if (first !== undefined) records = withMoved(records, change, first);
    if (others.length + rest.length > MOST_ORDERS) others.push({ change, records: null });
    else for (const place of rest) others.push({ change, records: withMoved(records, change, place) });
  }
  for (const change of ordered.filter(({ event }) => event === 'change-user')) {
    if (ordered.some((other) => isTwin(change, other)))
      others.push({ change, records: records.filter((record) => record !== change) });
  }
  return { records, others };
}

function isTwin(change: AuditRecord, other: AuditRecord): boolean {
  return (
    other !== change &&
    other.event === 'change-user' &&
    other.executedAt === change.executedAt &&
    connectionKey(other) === connectionKey(change) &&
    other.user === change.user
  );
}

/** Where a record may stand: just before another one, or just behind it. */
interface Place {
  readonly of: AuditRecord;
  readonly behind: boolean;
}

function placesOf(change: AuditRecord, records: readonly AuditRecord[]): Place[] {
  const own = records.filter(
    (record) =>
      ['statement', 'table'].includes(record.event) && connectionKey(record) === connectionKey(change),
  );
  const places = own.flatMap((of, i): (Place & { isTurn: boolean })[] => {
    if (of.executedAt !== change.executedAt) return [];
    const [before, after] = [own[i - 1], own[i + 1]];
    return [
      ...(before?.executedAt === change.executedAt
        ? []
        : [{ of, behind: false, isTurn: changesUser(before, of) }]),
      // the tables of a statement are logged before it
      ...(of.event === 'table' ? [] : [{ of, behind: true, isTurn: changesUser(of, after) }]),
    ];
  });
  const turns = places.filter(({ isTurn }) => isTurn);
  // where it stands last, it bounds nothing
  return (turns.length > 0 ? turns : places).reverse();
}

function changesUser(before: AuditRecord | undefined, after: AuditRecord | undefined): boolean {
  return before !== undefined && after !== undefined && before.user !== after.user;
}

function withMoved(
  records: readonly AuditRecord[],
  change: AuditRecord,
  { of, behind }: Place,
): readonly AuditRecord[] {
  return records.flatMap((record) => {
    if (record === change) return [];
    if (record !== of) return [record];
    return behind ? [record, change] : [change, record];
  });
}
