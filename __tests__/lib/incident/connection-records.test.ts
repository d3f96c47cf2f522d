import type { AuditRecord } from '../../../lib/audit/audit-record';
import { auroraMysql } from '../../../lib/audit/aurora-mysql';
import type { LogSource } from '../../../lib/audit/log-source';
import { selects } from '../../../lib/audit/selects';
import { accept } from '../../../lib/errors';
import { resolveIncident } from '../../../lib/incident/resolve-incident';
import { epochMicros } from '../../../lib/time';

const START = 1_767_862_800_000_000;
const MINUTE = 60e6;
const SINCE = 60;

/** Records at minutes after the start, all of one connection. */
function recordsOf(lines: readonly (readonly [minute: number, rest: string])[]): AuditRecord[] {
  return lines.map(([minute, rest], i) => {
    const query = rest === 'CONNECT' ? '0,CONNECT,,,0' : `${i + 1},QUERY,trading,'${rest}',0`;
    const text = `${START + minute * MINUTE},db-1,app,10.0.0.1,42,${query}`;
    const parsed = auroraMysql.parse({ text, recordedAt: null, stream: '' });
    if (typeof parsed === 'string') throw new Error(text);
    return parsed;
  });
}

/** Resolves from a source that costs by the width of windows; gives the answer and the minutes that were asked for. */
async function resolve(records: readonly AuditRecord[]): Promise<{ answer: string; windows: unknown[] }> {
  const windows: unknown[] = [];
  const minutes = (at: number | null): number | null => (at === null ? null : (at - START) / MINUTE);
  const source: LogSource = {
    name: 'by width',
    dialect: 'aurora-mysql',
    fetchRecords: (selection, take) => {
      const { since, until } = selection.window;
      if (selection.kind === 'connections') {
        windows.push(
          [minutes(since), minutes(until)].map((each) => (each === null ? null : Math.round(each))),
        );
      }
      for (const record of records) if (selects(selection, record)) take(record);
      return Promise.resolve(accept({ records: records.length, unparsed: 0, bytes: 0, seen: null }));
    },
    fetchDelivery: () =>
      Promise.resolve(
        accept({ newestAt: null, completeUntil: null, lagMs: null, growing: false, serverHosts: [] }),
      ),
  };
  const outcome = await resolveIncident(
    source,
    {
      cluster: 'c',
      window: { since: epochMicros(START + SINCE * MINUTE), until: epochMicros(START + 900 * MINUTE) },
      filter: { kind: 'any', table: null, user: null, match: null, connectionId: null, queryId: null },
      pick: null,
      marginMicros: 1e6,
      queryLogLimit: null,
      showLiterals: false,
      lookBackMicros: 24 * 60 * MINUTE,
      wait: false,
    },
    { tell: () => undefined, pause: () => Promise.resolve() },
  );
  return { answer: outcome.ok ? outcome.value.restoreTo : outcome.refusal.reason, windows };
}

test('where all is decided around the statement, only those minutes are asked for', async () => {
  const records = recordsOf([
    [298, 'CONNECT'],
    [299, 'BEGIN'],
    [300, 'DELETE FROM accounts'],
    [301, 'COMMIT'],
  ]);
  expect(await resolve(records)).toEqual({ answer: '2026-01-08T14:00:58Z', windows: [[295, 305]] });
});

test('a COMMIT hours later is found, and a CONNECT of the day before', async () => {
  const records = recordsOf([
    [-600, 'CONNECT'],
    [-599, 'SET autocommit=0'],
    [300, 'DELETE FROM accounts'],
    [460, 'COMMIT'],
  ]);
  const { answer, windows } = await resolve(records);
  expect(answer).toBe('2026-01-08T16:39:58Z');
  expect(windows).toEqual([
    [295, 305],
    // back to the begin
    [235, 295],
    [-5, 235],
    [-965, -5],
    // and on to the end
    [305, 325],
    [325, 405],
    [405, 725],
  ]);
});

test('what is never ended is followed to the end of the logs', async () => {
  const records = recordsOf([
    [299, 'CONNECT'],
    [299.5, 'BEGIN'],
    [300, 'DELETE FROM accounts'],
  ]);
  const { answer, windows } = await resolve(records);
  expect(answer).toBe('still-open');
  expect(windows.at(-1)).toEqual([725, null]);
});
