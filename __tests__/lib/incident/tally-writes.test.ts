import type { AuditRecord } from '../../../lib/audit/audit-record';
import { auroraMysql } from '../../../lib/audit/aurora-mysql';
import type { LogSource, Selection, WriteTally } from '../../../lib/audit/log-source';
import { selects } from '../../../lib/audit/selects';
import { accept, valueOf } from '../../../lib/errors';
import { resolveIncident } from '../../../lib/incident/resolve-incident';
import type { ResolveTools } from '../../../lib/incident/resolve-tools';
import { epochMicros } from '../../../lib/time';

const START = 1_767_862_800_000_000;
const until = epochMicros(START + 3_600e6);

const records = [
  [0, 42, '0,CONNECT,,,0'],
  [1, 42, "10,QUERY,trading,'SET NAMES utf8mb4',0"],
  [5, 42, "11,QUERY,trading,'DELETE FROM accounts',0"],
  [4.9, 7, "12,QUERY,trading,'INSERT INTO orders VALUES (1)',0"],
  [9, 7, "13,QUERY,trading,'INSERT INTO orders VALUES (2)',0"],
].map(([at, connection, rest]): AuditRecord => {
  const text = `${START + Number(at) * 1e6},db-1,app,10.0.0.1,${String(connection)},${String(rest)}`;
  const parsed = auroraMysql.parse({ text, recordedAt: null, stream: '' });
  if (typeof parsed === 'string') throw new Error(text);
  return parsed;
});

const group = { user: 'app', verb: 'insert', table: 'trading.orders', statements: 900_000 };
const tally: WriteTally = {
  groups: [{ ...group, firstAt: epochMicros(START + 6e6), lastAt: epochMicros(START + 3_000e6) }],
  rollbacks: 3,
};

function sourceOf(counted: WriteTally | null, asked: Selection[]): LogSource {
  return {
    name: 'memory',
    dialect: 'aurora-mysql',
    fetchRecords: (selection, take) => {
      asked.push(selection);
      records
        .filter((record) => selects(selection, record))
        .forEach((record) => {
          take(record);
        });
      return Promise.resolve(accept({ records: records.length, unparsed: 0, bytes: 0, seen: null }));
    },
    fetchDelivery: () =>
      Promise.resolve(
        accept({ newestAt: null, completeUntil: until, lagMs: null, growing: false, serverHosts: [] }),
      ),
    tallyWrites: () => Promise.resolve(accept(counted)),
  };
}

async function resolve(counted: WriteTally | null, extra: Partial<ResolveTools> = {}) {
  const asked: Selection[] = [];
  const options = {
    cluster: 'c',
    window: { since: epochMicros(START), until },
    filter: { kind: 'any', table: null, user: null, match: null, connectionId: null, queryId: null },
    pick: null,
    marginMicros: 1e6,
    queryLogLimit: null,
    showLiterals: false,
    lookBackMicros: 0,
    wait: false,
  } as const;
  const tools = { tell: () => undefined, pause: () => Promise.resolve(), ...extra };
  const { lostWrites, coverage } = valueOf(await resolveIncident(sourceOf(counted, asked), options, tools));
  const writes = asked.find(({ kind }) => kind === 'writes')?.window.until;
  return { lostWrites, warnings: coverage.warnings, followedUntil: writes };
}

test('where writes are many, those after the effect are counted by the logs, and each before it is followed', async () => {
  const { lostWrites, warnings, followedUntil } = await resolve(tally);
  expect(lostWrites.beforeEffect).toMatchObject({ transactions: 1, statements: 1 });
  expect(lostWrites.afterEffect).toMatchObject({
    statements: 900_000,
    firstAt: '2026-01-08T09:00:06.000000Z',
    lastAt: '2026-01-08T09:50:00.000000Z',
    groups: [{ table: 'trading.orders', user: 'app', kind: 'insert', statements: 900_000 }],
  });
  expect(warnings).toEqual([expect.stringContaining('at most so many, with 3 ROLLBACKs among them')]);
  expect(followedUntil).toBe(START + 5e6 + 300e6);
});

test('where they are few, and for an export, each is followed', async () => {
  const exported: unknown[] = [];
  const followed = { afterEffect: { statements: 1 } };
  expect(await resolve(null)).toMatchObject({ lostWrites: followed, warnings: [], followedUntil: until });
  const answer = await resolve(tally, { exportWrite: (write) => exported.push(write) });
  expect(answer).toMatchObject({ lostWrites: followed, warnings: [], followedUntil: until });
  expect(exported).toHaveLength(2);
});
