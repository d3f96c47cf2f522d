import { setTimeout as sleep } from 'node:timers/promises';
import type { Incident } from '../../lib/artefacts/incident';
import { formatInstant, formatWholeSecond, type EpochMicros } from '../../lib/time';
import type { CheckSettings } from '../../lib/verify/check';

export const CHECK_SETTINGS: CheckSettings = {
  clocks: [],
  ignoredClocks: [],
  clockOffsetMinutes: undefined,
  commitDelayMs: 500,
  expectDifferent: [],
  compareRows: 1_000_000,
  chunkRows: 1_000_000,
};

/** Until early in a second: what is committed then is not there at that second, and is at the next. */
export async function earlyInSecond(): Promise<void> {
  await sleep(1200 - (Date.now() % 1000));
}

/** An incident of the scenario, for checks to go by; its restore point is that second. */
export function incidentOf(
  dialect: Incident['dialect'],
  planned: EpochMicros,
  statement: Partial<Incident['statement']> = {},
): Incident {
  const executedAt = formatInstant(planned);
  const nothing = { transactions: 0, statements: 0, firstAt: null, lastAt: null, groups: [] };
  return {
    schemaVersion: 1,
    madeAt: executedAt,
    cluster: 'trading',
    dialect,
    statement: {
      executedAt,
      recordedAt: null,
      connectionId: '1',
      queryId: '1',
      serverHost: 'trading-1',
      user: 'intern',
      host: '127.0.0.1',
      database: 'trading',
      sql: 'DELETE FROM accounts',
      kind: 'delete-without-where',
      tables: ['trading.accounts'],
      ...statement,
    },
    transaction: { kind: 'explicit', beganAt: null, committedAt: executedAt },
    effect: { earliestAt: executedAt, latestAt: executedAt, basis: 'COMMIT' },
    restoreTo: formatWholeSecond(planned),
    recordTime: null,
    lostWrites: { beforeEffect: nothing, afterEffect: nothing },
    candidates: [],
    coverage: {
      source: 'test',
      since: null,
      until: null,
      completeUntil: null,
      records: 0,
      unparsed: 0,
      serverHosts: [],
      warnings: [],
    },
  };
}
