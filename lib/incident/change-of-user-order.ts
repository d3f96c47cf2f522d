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
  const changes = ordered.filter(({ event }) => event === 'change-user');
  for (const key of new Set(changes.map(connectionKey))) {
    const own = ordered.filter((record) => connectionKey(record) === key);
    let orders = [records];
    let unclear: AuditRecord | null = null;
    for (const change of own.filter(({ event }) => event === 'change-user')) {
      const places = placesOf(change, own);
      if (places.length > 1) unclear ??= change;
      if (orders.length * places.length > MOST_ORDERS) {
        others.push({ change, records: null });
        break;
      }
      orders = orders.flatMap((order) => places.map((place) => withMoved(order, change, place)));
    }
    const explained = orders.filter((order) => explainsUsers(order, key));
    const [likeliest, ...rest] = explained.length > 0 ? explained : orders;
    records = likeliest ?? records;
    for (const order of rest) if (unclear !== null) others.push({ change: unclear, records: order });
  }
  return { records, others };
}

/** Where a record may stand: just before another one, or just behind it; or that it is not there. */
type Place = { readonly of: AuditRecord; readonly behind: boolean } | 'where-it-is' | 'nowhere';

function placesOf(change: AuditRecord, own: readonly AuditRecord[]): Place[] {
  const inTick = change.recordedAt === null ? [] : placesInTick(change, own);
  return [
    ...(inTick.length > 0 ? inTick : (['where-it-is'] as const)),
    ...(own.some((other) => isTwin(change, other)) ? (['nowhere'] as const) : []),
  ];
}

function isTwin(change: AuditRecord, other: AuditRecord): boolean {
  return (
    other !== change &&
    other.event === 'change-user' &&
    other.executedAt === change.executedAt &&
    other.user === change.user
  );
}

function placesInTick(change: AuditRecord, records: readonly AuditRecord[]): Place[] {
  const own = records.filter(({ event }) => event === 'statement' || event === 'table');
  const others = records.filter((other) => other.event === 'change-user' && other !== change);
  // where no other change can have made it
  const isTurn = (before: AuditRecord | undefined, after: AuditRecord | undefined): boolean =>
    before !== undefined &&
    after !== undefined &&
    before.user !== after.user &&
    !others.some(({ executedAt }) => executedAt >= before.executedAt && executedAt <= after.executedAt);
  const places = own.flatMap((of, i): { of: AuditRecord; behind: boolean; isTurn: boolean }[] => {
    if (of.executedAt !== change.executedAt) return [];
    const [before, after] = [own[i - 1], own[i + 1]];
    return [
      ...(before?.executedAt === change.executedAt
        ? []
        : [{ of, behind: false, isTurn: isTurn(before, of) }]),
      // the tables of a statement are logged before it
      ...(of.event === 'table' ? [] : [{ of, behind: true, isTurn: isTurn(of, after) }]),
    ];
  });
  const turns = places.filter((place) => place.isTurn);
  // where it stands last, it bounds nothing
  return (turns.length > 0 ? turns : places).reverse();
}

/** Whether the connection's user is another one only after a change of user, or in another life of its id. */
function explainsUsers(order: readonly AuditRecord[], key: string): boolean {
  let user: string | null = null;
  for (const record of order) {
    if (connectionKey(record) !== key) continue;
    if (record.event !== 'statement' && record.event !== 'table') user = null;
    else if (user !== null && user !== record.user) return false;
    else ({ user } = record);
  }
  return true;
}

function withMoved(
  records: readonly AuditRecord[],
  change: AuditRecord,
  place: Place,
): readonly AuditRecord[] {
  if (place === 'where-it-is') return records;
  if (place === 'nowhere') return records.filter((record) => record !== change);
  const { of, behind } = place;
  return records.flatMap((record) => {
    if (record === change) return [];
    if (record !== of) return [record];
    return behind ? [record, change] : [change, record];
  });
}
