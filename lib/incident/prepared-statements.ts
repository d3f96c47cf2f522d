import { compareRecords, connectionKey, type AuditRecord } from '../audit/audit-record';
import { splitStatements } from './split-statements';
import { tokenize, type SqlToken } from './sql-tokens';
import { wordAt } from './token-reading';

interface Place {
  readonly record: AuditRecord;
  /** Position in its packet. */
  readonly index: number;
}

interface Prepared extends Place {
  /** Null where a variable holds it. */
  readonly text: string | null;
}

/**
 * What MySQL's EXECUTE runs: a server may log it by the name of what was prepared only, so that the
 * text is that of the PREPARE before it in the same life of the connection. Takes records in any order.
 */
export class PreparedStatements {
  private readonly prepared = new Map<string, Prepared[]>();
  private readonly begins = new Map<string, AuditRecord[]>();

  take(record: AuditRecord): void {
    if (record.event === 'connect' || record.event === 'change-user') {
      push(this.begins, connectionKey(record), record);
      return;
    }
    if (record.event !== 'statement' || !/\bprepare\b/i.test(record.object)) return;
    for (const [index, tokens] of statementsIn(record).entries()) {
      const [, name, from, source] = tokens;
      if (wordAt(tokens, 0) !== 'PREPARE' || from?.text !== 'FROM' || name === undefined) continue;
      const text = source?.type === 'string' ? unquoted(source.text) : null;
      push(this.prepared, keyOf(record, name), { record, index, text });
    }
  }

  /** Null where a variable held it, undefined where its PREPARE has not been taken. */
  textOf(execution: Place): string | null | undefined {
    const { record } = execution;
    const tokens = statementsIn(record)[execution.index] ?? [];
    const name = tokens[1];
    if (name === undefined) return undefined;
    // EXECUTE IMMEDIATE of a text is logged together with the statement that it runs
    if (wordAt(tokens, 1) === 'IMMEDIATE') return tokens[2]?.type === 'string' ? undefined : null;
    const before = (places: readonly AuditRecord[] = []): AuditRecord | undefined =>
      places
        .filter((each) => compareRecords(each, record) < 0)
        .toSorted(compareRecords)
        .at(-1);
    const began = before(this.begins.get(connectionKey(record)));
    return (this.prepared.get(keyOf(record, name)) ?? [])
      .filter((each) => comparePlaces(each, execution) < 0)
      .filter((each) => began === undefined || compareRecords(began, each.record) <= 0)
      .toSorted(comparePlaces)
      .at(-1)?.text;
  }
}

function statementsIn({ object }: AuditRecord): SqlToken[][] {
  return splitStatements(tokenize(object, 'mysql').tokens.filter(({ type }) => type !== 'comment'));
}

function comparePlaces(a: Place, b: Place): number {
  return compareRecords(a.record, b.record) || a.index - b.index;
}

/** Names of prepared statements have no case. */
function keyOf(record: AuditRecord, name: SqlToken): string {
  return `${connectionKey(record)} ${name.text.toUpperCase()}`;
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

function unquoted(literal: string): string {
  const quote = literal[0] ?? "'";
  return literal
    .slice(1, -1)
    .replaceAll(quote + quote, quote)
    .replace(/\\(.)/g, '$1');
}
