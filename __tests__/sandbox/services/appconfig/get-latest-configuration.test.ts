import { awsError, type Answer } from '../service-bench';
import { openAppConfig, type Bench } from './appconfig-bench';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

async function openSession({ call }: Bench, more: object = {}): Promise<unknown> {
  const { InitialConfigurationToken } = await call('StartConfigurationSession', {
    ApplicationIdentifier: 'shop',
    EnvironmentIdentifier: 'prod',
    ConfigurationProfileIdentifier: 'settings',
    ...more,
  });
  return InitialConfigurationToken;
}

const textOf = ({ Configuration }: Answer): string => Buffer.from(Configuration as Uint8Array).toString();

test('tells what is deployed once, and what is new when there is something', async () => {
  const bench = await openAppConfig();
  const poll = (ConfigurationToken: unknown): Promise<Answer> =>
    bench.call('GetLatestConfiguration', { ConfigurationToken });
  await bench.createVersion('one');
  await bench.createVersion('two');
  let answer = await poll(await openSession(bench));
  expect(textOf(answer)).toBe('');
  const next = async (): Promise<string> => {
    answer = await poll(answer['NextPollConfigurationToken']);
    return textOf(answer);
  };
  await bench.deploy('1');
  expect([await next(), await next()]).toEqual(['one', '']);
  jest.advanceTimersByTime(10_000);
  await bench.deploy('2');
  expect(await next()).toBe('two');
  // and back, when the deployment is taken back
  await bench.call('StopDeployment', { ...bench.place, DeploymentNumber: '2' });
  expect([await next(), await next()]).toEqual(['one', '']);
});

test('a deployment that grows reaches a part of the clients', async () => {
  const bench = await openAppConfig();
  await bench.createVersion('one');
  await bench.deploy('1', 'AppConfig.Linear50PercentEvery30Seconds');
  const texts = new Set<string>();
  for (let client = 0; client < 100; client++) {
    const ConfigurationToken = await openSession(bench);
    texts.add(textOf(await bench.call('GetLatestConfiguration', { ConfigurationToken })));
  }
  expect(texts).toEqual(new Set(['', 'one']));
});

test('refuses a token of nobody’s, a poll too early, and a session of what is not there', async () => {
  const bench = await openAppConfig();
  const poll = (ConfigurationToken: unknown): Promise<Answer> =>
    bench.call('GetLatestConfiguration', { ConfigurationToken });
  await expect(poll('x')).rejects.toEqual(awsError('BadRequestException', 'token'));
  const first = await poll(await openSession(bench, { RequiredMinimumPollIntervalInSeconds: 15 }));
  await expect(poll(first['NextPollConfigurationToken'])).rejects.toEqual(
    awsError('BadRequestException', 'too early'),
  );
  await expect(openSession(bench, { EnvironmentIdentifier: 'test' })).rejects.toEqual(
    awsError('ResourceNotFoundException', 'test'),
  );
});
