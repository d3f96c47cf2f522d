import { execFile, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import { startSandbox, type Sandbox } from '../../sandbox/server';

jest.setTimeout(20 * 60_000);

const absent = spawnSync('aws', ['--version']).status !== 0;
if (absent) console.warn('skipped: there is no aws on the PATH');

let sandbox: Sandbox;

beforeAll(async () => {
  // a profile of the person's own must not keep the CLI from the sandbox
  const settings = { logDelayMs: 100, logJitterMs: 50, logIngestionDelayMs: 50, queryDurationMs: 100 };
  sandbox = await startSandbox({ settings, say: () => undefined, outerEnv: { AWS_PROFILE: 'work' } });
  await sandbox.createSourceCluster({ identifier: 'shop', instances: ['shop-1'] });
  sandbox.putParameter('/shop/db/host', '127.0.0.9', 'database host');
});

afterAll(() => sandbox.close());

/** What `aws` prints, as JSON; its words where it fails. */
function aws(...args: string[]): Promise<unknown> {
  const env = { ...process.env, ...sandbox.env, AWS_PROFILE: 'work' };
  // versions before 1.29 and 2.13, such as Debian 12's, read no AWS_ENDPOINT_URL
  const command = ['--endpoint-url', sandbox.endpointUrl, '--output', 'json', ...args];
  return new Promise((resolve, reject) => {
    execFile('aws', command, { env }, (error, stdout, stderr) => {
      if (error === null) resolve(JSON.parse(stdout));
      else reject(new Error(stderr.trim()));
    });
  });
}

/** How many audit records hold the text, by a Logs Insights query. */
async function count(text: string): Promise<unknown> {
  const now = Math.floor(Date.now() / 1000);
  const started = await aws(
    ...['logs', 'start-query', '--log-group-name', '/aws/rds/cluster/shop/audit'],
    ...['--start-time', String(now - 60), '--end-time', String(now + 60)],
    ...['--query-string', `filter @message like "${text}" | stats count(*) as n`],
  );
  await sleep(200);
  return aws('logs', 'get-query-results', '--query-id', (started as { queryId: string }).queryId);
}

(absent ? describe.skip : describe)('the AWS CLI', () => {
  test('lists clusters and their instances', async () => {
    await expect(aws('rds', 'describe-db-clusters')).resolves.toMatchObject({
      DBClusters: [{ DBClusterIdentifier: 'shop', DBClusterMembers: [{ DBInstanceIdentifier: 'shop-1' }] }],
    });
    await expect(
      aws('rds', 'describe-db-instances', '--filters', 'Name=db-cluster-id,Values=shop'),
    ).resolves.toMatchObject({
      DBInstances: [{ DBInstanceIdentifier: 'shop-1', DBInstanceStatus: 'available' }],
    });
  });

  test('reads a parameter and is told of one that is not there', async () => {
    await expect(aws('ssm', 'get-parameter', '--name', '/shop/db/host')).resolves.toMatchObject({
      Parameter: { Value: '127.0.0.9' },
    });
    await expect(aws('ssm', 'get-parameter', '--name', '/gone')).rejects.toThrow('(ParameterNotFound)');
  });

  test('is told who it is', async () => {
    await expect(aws('sts', 'get-caller-identity')).resolves.toMatchObject({
      Account: sandbox.settings.accountId,
    });
  });

  test('queries the audit log', async () => {
    const connection = await mysql.createConnection({
      host: sandbox.clusters()[0]?.endpoint ?? '',
      port: sandbox.clusters()[0]?.port ?? 0,
      user: sandbox.settings.masterUsername,
      password: sandbox.settings.masterPassword,
    });
    await connection.query("SELECT 'seen by the CLI'");
    await connection.end();
    let answer: unknown;
    do answer = await count('seen by the CLI');
    while (JSON.stringify(answer).includes('"value":"0"') || JSON.stringify(answer).includes('"results":[]'));
    expect(answer).toMatchObject({ status: 'Complete', results: [[{ field: 'n', value: '1' }]] });
  });

  test('is told by name what the sandbox lacks', async () => {
    await expect(aws('rds', 'stop-db-cluster', '--db-cluster-identifier', 'shop')).rejects.toThrow(
      'does not implement rds StopDBCluster',
    );
  });
});
