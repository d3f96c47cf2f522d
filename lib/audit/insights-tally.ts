import type { ResultField } from '@aws-sdk/client-cloudwatch-logs';
import { epochMicros } from '../time';
import { valueIn } from './insights-windows';
import type { WriteTally } from './log-source';

/** Reads the answer to `renderTallyQuery`; what is one group but for the case of its words becomes one. */
export function readTally(rows: readonly (readonly ResultField[])[]): WriteTally {
  const groups = new Map<string, WriteTally['groups'][number]>();
  let rollbacks = 0;
  for (const row of rows) {
    const verb = valueIn(row, 'verb').toLowerCase();
    const statements = Number(valueIn(row, 'statements'));
    if (verb === 'rollback') {
      rollbacks += statements;
      continue;
    }
    const words = valueIn(row, 'name').replaceAll('`', '').split(/\s+/);
    const name = words.at(-1) ?? '';
    // a database is named alone
    const database = words.length > 1 ? '' : valueIn(row, 'database');
    const table = name === '' ? '?' : name.includes('.') || database === '' ? name : `${database}.${name}`;
    const user = valueIn(row, 'user');
    const firstAt = epochMicros(Number(valueIn(row, 'firstAt')));
    const lastAt = epochMicros(Number(valueIn(row, 'lastAt')));
    const key = JSON.stringify([verb, table, user]);
    const known = groups.get(key);
    groups.set(key, {
      verb,
      table,
      user,
      statements: statements + (known?.statements ?? 0),
      firstAt: known !== undefined && known.firstAt < firstAt ? known.firstAt : firstAt,
      lastAt: known !== undefined && known.lastAt > lastAt ? known.lastAt : lastAt,
    });
  }
  return { groups: [...groups.values()], rollbacks };
}
