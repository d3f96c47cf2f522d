import { awsError } from '../service-bench';
import { openRoute53, record } from './route53-bench';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('a change is pending until name servers answer it', async () => {
  const { call, change, zone } = openRoute53(2000);
  const { ChangeInfo } = await change({
    Action: 'UPSERT',
    ResourceRecordSet: record('db.trading.internal', 'CNAME', '127.9.9.9'),
  });
  const { Id } = ChangeInfo as { Id: string };
  const published = (): unknown => zone.published.get('db.trading.internal. CNAME')?.values;
  await expect(call('GetChange', { Id })).resolves.toMatchObject({ ChangeInfo: { Id, Status: 'PENDING' } });
  expect(published()).toEqual(['127.1.2.3']);
  jest.advanceTimersByTime(2000);
  await expect(call('GetChange', { Id })).resolves.toMatchObject({ ChangeInfo: { Status: 'INSYNC' } });
  expect(published()).toEqual(['127.9.9.9']);
});

test('an unknown change is a NoSuchChange', async () => {
  await expect(openRoute53().call('GetChange', { Id: 'C1' })).rejects.toEqual(awsError('NoSuchChange', 'C1'));
});
