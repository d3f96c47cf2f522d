import type { Delivery, LogSource } from '../../../lib/audit/log-source';
import { accept } from '../../../lib/errors';
import { resolveIncident } from '../../../lib/incident/resolve-incident';
import { epochMicros } from '../../../lib/time';

const START = 1_767_862_800_000_000;
const at = (seconds: number) => epochMicros(START + seconds * 1e6);
const until = at(60);

/** Logs that are complete up to each of these seconds in turn; without a record. */
function growing(seconds: readonly number[]): { source: LogSource; asked: string[] } {
  const asked: string[] = [];
  const deliveries = seconds.map((second): Delivery => ({
    newestAt: at(second),
    completeUntil: at(second),
    lagMs: 1000,
    growing: true,
    serverHosts: ['db-1'],
  }));
  const source: LogSource = {
    name: 'growing',
    dialect: 'aurora-mysql',
    fetchRecords: () => {
      asked.push('records');
      return Promise.resolve(accept({ records: 0, unparsed: 0, bytes: 0, seen: null }));
    },
    fetchDelivery: () => {
      asked.push('delivery');
      const next = deliveries.shift();
      if (next === undefined) throw new Error('asked too often');
      return Promise.resolve(accept(next));
    },
  };
  return { source, asked };
}

async function resolve(source: LogSource, wait: boolean) {
  const told: string[] = [];
  const options = {
    cluster: 'c',
    window: { since: at(0), until },
    filter: { kind: 'any', table: null, user: null, match: null, connectionId: null, queryId: null },
    pick: null,
    marginMicros: 1e6,
    queryLogLimit: null,
    showLiterals: false,
    lookBackMicros: 0,
    wait,
  } as const;
  const pause = jest.fn(() => Promise.resolve());
  const outcome = await resolveIncident(source, options, { tell: (line) => told.push(line), pause });
  return { outcome, told, pauses: pause.mock.calls.length };
}

test('asks again until the logs are complete up to the end of the window, and says how far they are', async () => {
  const { source, asked } = growing([20, 45, 61]);
  const { outcome, told, pauses } = await resolve(source, true);
  expect(outcome).toMatchObject({ ok: false, refusal: { reason: 'nothing-found' } });
  expect(asked.slice(0, 4)).toEqual(['delivery', 'delivery', 'delivery', 'records']);
  expect(pauses).toBe(2);
  expect(told.slice(0, 2)).toEqual(
    ['20', '45'].map(
      (second) =>
        `audit logs are complete up to 2026-01-08T09:00:${second}.000000Z (newest record 2026-01-08T09:00:${second}.000000Z); waiting for 2026-01-08T09:01:00.000000Z`,
    ),
  );
});

test('with --no-wait it takes the logs as they are, but finding nothing there proves nothing', async () => {
  const { source, asked } = growing([20]);
  const { outcome, pauses } = await resolve(source, false);
  expect(pauses).toBe(0);
  expect(outcome).toMatchObject({
    refusal: {
      reason: 'incomplete-logs',
      message: expect.stringContaining('complete only up to 2026-01-08T09:00:20.000000Z') as unknown,
    },
  });
  expect(asked.slice(0, 2)).toEqual(['delivery', 'records']);
});
