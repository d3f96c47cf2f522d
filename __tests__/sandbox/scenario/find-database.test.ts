import { cached } from '../../../sandbox/scenario/find-database';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test.each([
  ['as long as the client keeps it', undefined, 1000],
  ['as long as the answer says', 5000, 5000],
])('an answer is kept %s', async (_what, ttlMs, keptMs) => {
  let asked = 0;
  const find = cached(
    () => Promise.resolve({ place: { host: `host ${++asked}` }, ...(ttlMs !== undefined && { ttlMs }) }),
    1000,
    () => undefined,
  );
  await expect(find()).resolves.toEqual({ host: 'host 1' });
  jest.advanceTimersByTime(keptMs - 1);
  await expect(find()).resolves.toEqual({ host: 'host 1' });
  jest.advanceTimersByTime(1);
  await expect(find()).resolves.toEqual({ host: 'host 2' });
});

test('what was read is used on while it cannot be read, but nothing is made up', async () => {
  const answers = [() => Promise.reject(new Error('first')), () => Promise.resolve({ place: { host: 'a' } })];
  const stale: unknown[] = [];
  const find = cached(
    () => (answers.shift() ?? (() => Promise.reject(new Error('later'))))(),
    1000,
    (error) => stale.push(error),
  );
  await expect(find()).rejects.toThrow('first');
  await expect(find()).resolves.toEqual({ host: 'a' });
  jest.advanceTimersByTime(1000);
  await expect(find()).resolves.toEqual({ host: 'a' });
  expect(stale).toEqual([new Error('later')]);
});
