import { awsError } from '../service-bench';
import { openAppConfig, type Bench } from './appconfig-bench';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

async function openWithVersions(): Promise<Bench> {
  const bench = await openAppConfig();
  await bench.createVersion('one', { VersionLabel: 'first' });
  await bench.createVersion('two');
  return bench;
}

test('bakes and completes, as long as its strategy says', async () => {
  const { deploy, stateOf } = await openWithVersions();
  await expect(deploy('1')).resolves.toMatchObject({ DeploymentNumber: 1, State: 'BAKING' });
  jest.advanceTimersByTime(9_999);
  expect(await stateOf(1)).toBe('BAKING');
  jest.advanceTimersByTime(1);
  expect(await stateOf(1)).toBe('COMPLETE');
});

test.each([
  [
    'AppConfig.Linear50PercentEvery30Seconds',
    [
      [0, 50],
      [499, 50],
      [500, 100],
    ],
  ],
  [
    'AppConfig.Canary10Percent20Minutes',
    [
      [0, 10],
      [5_000, 20],
      [10_000, 40],
      [15_000, 80],
      [20_000, 100],
    ],
  ],
] as const)('%s reaches its clients step by step', async (strategy, steps) => {
  const { deploy, call, place } = await openWithVersions();
  await deploy('1', strategy);
  let at = 0;
  for (const [ms, percentage] of steps) {
    jest.advanceTimersByTime(ms - at);
    at = ms;
    await expect(call('ListDeployments', place)).resolves.toMatchObject({
      Items: [{ PercentageComplete: percentage }],
    });
  }
});

test('keeps others out of its environment until it is over', async () => {
  const { deploy } = await openWithVersions();
  await deploy('first');
  await expect(deploy('2')).rejects.toEqual(awsError('ConflictException', 'Deployment 1 is in progress'));
  jest.advanceTimersByTime(10_000);
  await expect(deploy('2')).resolves.toMatchObject({ DeploymentNumber: 2 });
});

test('is rolled back while it is in progress, and reverted afterwards where that is allowed', async () => {
  const { deploy, stateOf, call, place } = await openWithVersions();
  const stop = (number: number, AllowRevert?: string): Promise<unknown> =>
    call('StopDeployment', { ...place, DeploymentNumber: String(number), AllowRevert });
  await deploy('1');
  await stop(1);
  expect(await stateOf(1)).toBe('ROLLING_BACK');
  jest.advanceTimersByTime(1000);
  expect(await stateOf(1)).toBe('ROLLED_BACK');
  await deploy('2');
  jest.advanceTimersByTime(10_000);
  await expect(stop(2)).rejects.toEqual(awsError('BadRequestException', 'COMPLETE'));
  await stop(2, 'true');
  expect(await stateOf(2)).toBe('REVERTED');
});

test.each([
  ['a version', '9', undefined],
  ['a strategy', '1', 'AppConfig.Never'],
])('%s that is not there is a ResourceNotFoundException', async (_what, version, strategy) => {
  const { deploy } = await openWithVersions();
  await expect(deploy(version, strategy)).rejects.toEqual(awsError('ResourceNotFoundException'));
});
