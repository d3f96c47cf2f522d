import { isApplication, type Session } from '../../../lib/cutover/connections';
import { judgeArrival, type Sighting } from '../../../lib/cutover/judge-arrival';

const session = (user: string, over: Partial<Session> = {}): Session => ({
  id: '7',
  user,
  host: '10.0.0.7',
  command: 'Sleep',
  ...over,
});
const arrived: Sighting = { left: [], reached: [session('app')], ttlLeftMs: 0 };

describe('judgeArrival', () => {
  test.each<[string, Partial<Sighting>, string[], string[]]>([
    ['someone is there and nobody behind', {}, [], []],
    ['the users named are there', { reached: [session('app'), session('batch')] }, ['app', 'batch'], []],
    ['others are still behind', { left: [session('report')] }, ['app'], []],
    ['the old cluster is fenced', { left: null }, [], []],
    ['nobody is there yet', { reached: [] }, [], ['anyone to connect to the other cluster']],
    ['one of them is missing', {}, ['app', 'batch'], ['batch to connect to the other cluster']],
    [
      'someone is still behind',
      { left: [session('app'), session('app')] },
      [],
      ['the sessions left behind to end: 2 of app from 10.0.0.7'],
    ],
    [
      'a resolver may remember the old record',
      { ttlLeftMs: 30_000 },
      [],
      ["the DNS record's time to live, 30.0 s more"],
    ],
  ])('where %s', (_, over, users, waitingFor) => {
    expect(judgeArrival({ ...arrived, ...over }, users).waitingFor).toEqual(waitingFor);
  });

  test('tells who is where', () => {
    expect(judgeArrival({ ...arrived, left: [session('app')] }, [])).toMatchObject({
      left: '1 of app from 10.0.0.7',
      reached: '1 of app from 10.0.0.7',
    });
    expect(judgeArrival({ ...arrived, left: null, reached: [] }, [])).toMatchObject({
      left: 'fenced: nobody gets in',
      reached: 'none',
    });
  });
});

test.each([
  [session('app'), true],
  [session('app', { command: 'Query' }), true],
  [session('rdsadmin'), false],
  [session('event_scheduler', { command: 'Daemon' }), false],
  [session('system user'), false],
  [session('replica', { command: 'Binlog Dump GTID' }), false],
])('%j counts as an application: %s', (one, expected) => {
  expect(isApplication(one)).toBe(expected);
});
