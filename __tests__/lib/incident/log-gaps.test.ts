import { auroraMysql } from '../../../lib/audit/aurora-mysql';
import { GapFinder } from '../../../lib/incident/log-gaps';

const START = 1_767_862_800_000_000;

function warningsOf(records: readonly (readonly [minutes: number, host: string])[]): string[] {
  const gaps = new GapFinder('db-1');
  for (const [minutes, host] of records) {
    const text = `${START + minutes * 60e6},${host},app,10.0.0.1,7,1,QUERY,trading,'SELECT 1',0`;
    const record = auroraMysql.parse({ text, recordedAt: null, stream: '' });
    if (typeof record === 'object') gaps.take(record);
  }
  return gaps.warnings();
}

test('the longest silence of the server is stated', () => {
  const records = [0, 6, 7, 27, 28].map((minutes) => [minutes, 'db-1'] as const);
  expect(warningsOf(records)).toEqual([
    'db-1 has no write in the logs for 20 min from 2026-01-08T09:07:00.000000Z: it was idle, or logs are missing',
  ]);
});

test('other servers do not fill it', () => {
  expect(
    warningsOf([
      [0, 'db-1'],
      [4, 'db-2'],
      [8, 'db-1'],
    ]),
  ).toHaveLength(1);
});

test('a busy server has none', () => {
  expect(warningsOf([0, 4, 8].map((minutes) => [minutes, 'db-1'] as const))).toEqual([]);
});
