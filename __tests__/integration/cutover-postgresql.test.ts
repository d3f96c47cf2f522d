import path from 'node:path';
import { Client } from 'pg';
import { ClusterNetworks } from '../../lib/cutover/cluster-network';
import { fetchApplicationSessions, ofUsers } from '../../lib/cutover/connections';
import { liftFence, planFence, setFence, type FenceTools } from '../../lib/cutover/fence';
import { fetchWritesAfter, sumUp } from '../../lib/cutover/writes-after';
import { accept, valueOf } from '../../lib/errors';
import { microsFromMillis } from '../../lib/time';
import { openPostgres as openSession } from '../../lib/verify/postgresql';
import type { OpenDatabase } from '../../lib/verify/server';
import { allocateAddress } from '../../sandbox/engines/addresses';
import type { DatabaseCluster } from '../../sandbox/engines/database-cluster';
import { openPostgres } from '../../sandbox/engines/postgresql/engine';
import { openWorkspace, type Workspace } from '../../sandbox/engines/workspace';
import { seedTradingDatabase } from '../../sandbox/scenario/trading-database';
import { restorePlan } from '../lib/cutover/facts';

jest.setTimeout(20 * 60_000);

const MASTER = { user: 'admin', password: 'not-a-secret-at-all' };
const { clusterIdentifier, resourceId } = restorePlan().clusters[0].source;
let workspace: Workspace;
let cluster: DatabaseCluster;
let session: OpenDatabase;

beforeAll(async () => {
  workspace = await openWorkspace(process.cwd());
  const engine = await openPostgres(workspace);
  cluster = await engine.createCluster({
    directory: path.join(workspace.runDirectory, 'source'),
    address: await allocateAddress(),
    masterUsername: MASTER.user,
    masterPassword: MASTER.password,
  });
  await cluster.start('trading-1');
  await seedTradingDatabase(
    { engine: 'aurora-postgresql', ...cluster.address, ...MASTER },
    { trading_app: 'a', settlement: 'b', backoffice: 'c', intern: 'd' },
  );
  session = valueOf(
    await openSession(
      { side: 'source', database: 'trading', ...cluster.address },
      { ...MASTER, tls: { kind: 'none' }, connectTimeoutMs: 5000, statementTimeoutMs: 5000 },
    ),
  );
});
afterAll(async () => {
  await session.close();
  await cluster.destroy();
  await workspace.close();
});

async function connect(user: string, password: string): Promise<Client> {
  const client = new Client({ ...cluster.address, user, password, database: 'trading' });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** RDS is not asked to change anything by this fence. */
const networks = new ClusterNetworks();
networks.fetch = () => Promise.resolve(accept({ resourceId, securityGroupIds: ['sg-1'], settled: true }));

function tools(): FenceTools {
  return {
    networks,
    databases: () => Promise.resolve([session]),
    pauseMs: 50,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  };
}

test('a fence takes the right to log in, ends the sessions of those users alone, and is lifted again', async () => {
  const [application, office] = [await connect('trading_app', 'a'), await connect('backoffice', 'c')];
  const users = async (): Promise<string[]> =>
    (await fetchApplicationSessions(session)).map(({ user }) => user).sort();
  expect(await users()).toEqual(['backoffice', 'trading_app']);

  const [fence] = valueOf(await planFence(restorePlan(), { by: 'revoke', users: ['trading_app'] }, tools()));
  expect(fence).toEqual({
    by: 'revoke',
    clusterIdentifier,
    accounts: [{ user: 'trading_app', host: '%' }],
  });
  if (fence === undefined) return;
  expect(await setFence(fence, tools())).toMatchObject({ ok: true });
  expect(await users()).toEqual(['backoffice']);
  await expect(connect('trading_app', 'a')).rejects.toThrow('not permitted to log in');

  expect(await liftFence(fence, tools())).toMatchObject({ ok: true });
  const again = await connect('trading_app', 'a');
  expect(ofUsers(await fetchApplicationSessions(session), ['trading_app'])).toHaveLength(1);
  for (const client of [application, office, again]) await client.end();
});

test('counts what was written after an instant, by the clock that is named', async () => {
  const after = microsFromMillis(Date.now());
  const client = await connect('trading_app', 'a');
  for (const quantity of [1, 2, 3]) {
    await client.query(
      "INSERT INTO orders (account_id, symbol, side, quantity, price) VALUES (1, 'AMZN', 'buy', $1, 100)",
      [quantity],
    );
  }
  await client.end();
  const writes = await fetchWritesAfter(session, after, ['public.orders.placed_at']);
  expect(writes.tables).toMatchObject([{ clock: 'public.orders.placed_at', rows: 3 }]);
  const { rows, firstAt, lastAt } = sumUp([writes]);
  expect(rows).toBe(3);
  expect(firstAt).toBeGreaterThanOrEqual(after);
  expect(lastAt).toBeGreaterThan(firstAt ?? 0);
});
