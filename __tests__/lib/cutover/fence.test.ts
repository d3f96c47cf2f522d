import { ModifyDBClusterCommand, DescribeDBClustersCommand, RDSClient } from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { ClusterNetworks } from '../../../lib/cutover/cluster-network';
import {
  describeFence,
  extendFence,
  liftFence,
  planFence,
  setFence,
  type FencedCluster,
  type FenceTools,
} from '../../../lib/cutover/fence';
import { QueryError, type Database, type Row } from '../../../lib/verify/database';
import { mysqlDialect } from '../../../lib/verify/mysql-dialect';
import { restorePlan } from './facts';

const rds = mockClient(RDSClient);
const { clusterIdentifier, resourceId } = restorePlan().clusters[0].source;
const BY_GROUP: FencedCluster = {
  by: 'security-group',
  clusterIdentifier,
  securityGroupIds: ['sg-1', 'sg-2'],
  isolatedGroupId: 'sg-9',
};
const BY_LOCK: FencedCluster = { by: 'revoke', clusterIdentifier, accounts: [{ user: 'app', host: '%' }] };

let groups: string[];
beforeEach(() => {
  rds.reset();
  groups = ['sg-1', 'sg-2'];
  rds.on(DescribeDBClustersCommand).callsFake(() => ({
    DBClusters: [
      {
        DbClusterResourceId: resourceId,
        Status: 'available',
        VpcSecurityGroups: groups.map((id) => ({ VpcSecurityGroupId: id, Status: 'active' })),
      },
    ],
  }));
  rds.on(ModifyDBClusterCommand).callsFake(({ VpcSecurityGroupIds }: { VpcSecurityGroupIds: string[] }) => {
    groups = VpcSecurityGroupIds;
    return {};
  });
});

/** A server with accounts and sessions; `mariaDb` has no procedure of RDS's, and keeps locks elsewhere. */
class Server implements Database {
  readonly side = 'source';
  readonly dialect = mysqlDialect;
  readonly log: string[] = [];
  locked = new Set<string>();
  sessions: { id: string; user: string }[] = [
    { id: '1', user: 'app' },
    { id: '2', user: 'report' },
    { id: '3', user: 'rdsadmin' },
  ];
  stubborn = false;

  constructor(private readonly mariaDb: boolean) {}

  blind = false;
  gone = false;

  query(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    if (this.gone) return Promise.reject(new Error('connection lost'));
    if (sql.startsWith('SHOW ENGINE') && this.blind) {
      return Promise.reject(new QueryError('source', 'ER_SPECIFIC_ACCESS_DENIED_ERROR'));
    }
    this.log.push(sql);
    if (sql.includes('VERSION()')) return rows({ version: this.mariaDb ? '10.11.6-MariaDB' : '8.0.39' });
    if (sql.includes('USER()')) return rows({ own: 'admin' });
    if (sql.includes('PROCESSLIST')) {
      return rows(
        ...this.sessions.map(({ id, user }) => ({ id, usr: user, host: '10.0.0.7:5', command: 'Sleep' })),
      );
    }
    if (sql.includes(this.mariaDb ? 'mysql.global_priv' : 'mysql.user')) {
      const user = String(values[0]);
      const is = this.locked.has(user);
      if (user === 'nobody') return rows();
      return rows({ User: user, Host: '%', locked: this.mariaDb ? (is ? '1' : '0') : is ? 'Y' : 'N' });
    }
    if (sql.startsWith('ALTER USER')) {
      if (sql.endsWith(' LOCK')) this.locked.add(String(values[0]));
      else this.locked.delete(String(values[0]));
    }
    if (sql.startsWith('CALL mysql.rds_kill')) {
      if (this.mariaDb) return Promise.reject(new QueryError('source', 'ER_SP_DOES_NOT_EXIST'));
      this.end(String(values[0]));
    }
    if (sql.startsWith('KILL')) this.end(sql.slice(5));
    return rows();
  }

  private end(id: string): void {
    if (!this.stubborn) this.sessions = this.sessions.filter((session) => session.id !== id);
  }
}

function rows(...all: Row[]): Promise<readonly Row[]> {
  return Promise.resolve(all);
}

function tools(...servers: Server[]): FenceTools {
  return {
    networks: new ClusterNetworks(new RDSClient({ region: 'eu-central-1' }), 1),
    databases: () => Promise.resolve(servers),
    pauseMs: 1,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  };
}

describe('a fence by a security group', () => {
  const wish = { by: 'security-group', isolatedGroupId: 'sg-9' } as const;

  test('keeps the groups from before, and changes nothing when planned', async () => {
    expect(await planFence(restorePlan(), wish, tools())).toEqual({ ok: true, value: [BY_GROUP] });
    expect(rds.commandCalls(ModifyDBClusterCommand)).toHaveLength(0);
  });

  test('takes their place, and ends every session of applications', async () => {
    const server = new Server(false);
    expect(await setFence(BY_GROUP, tools(server))).toMatchObject({ ok: true });
    expect(groups).toEqual(['sg-9']);
    expect(server.sessions).toEqual([{ id: '3', user: 'rdsadmin' }]);
  });

  test('is set where the session that is to end the others is cut as well', async () => {
    const server = new Server(false);
    server.gone = true;
    expect(await setFence(BY_GROUP, tools(server))).toMatchObject({ ok: true });
    expect(groups).toEqual(['sg-9']);
  });

  test('that was killed half-way is not taken for whole where nobody gets in to end what was open', async () => {
    groups = ['sg-9'];
    const closed = { ...tools(), databases: () => Promise.reject(new Error('timed out')) };
    expect(await setFence(BY_GROUP, closed)).toMatchObject({ refusal: { reason: 'sessions-left' } });
    groups = ['sg-1', 'sg-2'];
    await expect(setFence(BY_GROUP, closed)).rejects.toThrow('timed out');
  });

  test('is set without credentials too, and lifted', async () => {
    expect(await setFence(BY_GROUP, tools())).toMatchObject({ ok: true });
    expect(await liftFence(BY_GROUP, tools())).toMatchObject({ ok: true });
    expect(groups).toEqual(['sg-1', 'sg-2']);
  });

  test.each([
    ['set', setFence],
    ['lifted', liftFence],
  ])('is not %s over groups that somebody has chosen since', async (_, change) => {
    groups = ['sg-1', 'sg-7'];
    expect(await change(BY_GROUP, tools())).toMatchObject({
      refusal: { reason: 'groups-changed', message: expect.stringContaining('sg-1, sg-7') as string },
    });
    expect(groups).toEqual(['sg-1', 'sg-7']);
  });

  test('is refused where the cluster has that group already: what it had before would be lost', async () => {
    groups = ['sg-9'];
    expect(await planFence(restorePlan(), wish, tools())).toMatchObject({
      refusal: { reason: 'fenced-already' },
    });
  });

  test('is refused where the name belongs to another cluster now', async () => {
    rds.on(DescribeDBClustersCommand).resolves({ DBClusters: [{ DbClusterResourceId: 'cluster-OTHER' }] });
    expect(await planFence(restorePlan(), wish, tools())).toMatchObject({
      refusal: { reason: 'not-the-source' },
    });
  });
});

describe.each([
  ['MySQL on RDS', false],
  ['MariaDB', true],
])('a fence by the right to log in, on %s', (_, mariaDb) => {
  test('locks the accounts that could log in, ends their sessions alone, and opens them again', async () => {
    const server = new Server(mariaDb);
    server.locked.add('old_app');
    const wish = { by: 'revoke', users: ['app', 'old_app'] } as const;
    expect(await planFence(restorePlan(), wish, tools(server))).toEqual({ ok: true, value: [BY_LOCK] });
    expect(await setFence(BY_LOCK, tools(server))).toMatchObject({ ok: true });
    expect(server.locked).toEqual(new Set(['old_app', 'app']));
    expect(server.sessions.map(({ user }) => user)).toEqual(['report', 'rdsadmin']);
    expect(await liftFence(BY_LOCK, tools(server))).toMatchObject({ ok: true });
    expect(server.locked).toEqual(new Set(['old_app']));
  });

  test.each([
    ['no-such-user', 'nobody'],
    ['own-user', 'admin'],
  ])('refuses %s', async (reason, user) => {
    const wish = { by: 'revoke', users: [user] } as const;
    expect(await planFence(restorePlan(), wish, tools(new Server(mariaDb)))).toMatchObject({
      refusal: { reason },
    });
  });
});

test('sessions that do not end are told, and none of it is taken for fenced', async () => {
  const server = new Server(false);
  server.stubborn = true;
  expect(await setFence(BY_LOCK, tools(server))).toMatchObject({
    refusal: {
      reason: 'sessions-left',
      message: `DB cluster '${clusterIdentifier}' still has sessions: 1 of app from 10.0.0.7`,
    },
  });
});

test('a user that sees no sessions but its own cannot tell that they have ended', async () => {
  const server = new Server(false);
  server.blind = true;
  expect(await setFence(BY_LOCK, tools(server))).toMatchObject({
    refusal: { reason: 'sees-no-sessions', hint: expect.stringContaining('PROCESS') as string },
  });
});

test('a lock needs a session on the cluster', async () => {
  expect(await setFence(BY_LOCK, tools())).toMatchObject({ refusal: { reason: 'no-session' } });
  expect(await liftFence(BY_LOCK, tools())).toMatchObject({ refusal: { reason: 'no-session' } });
});

test.each([
  [BY_GROUP, 'DB cluster trading: security group sg-9 in place of sg-1, sg-2, and open sessions ended'],
  [BY_LOCK, "DB cluster trading: locked 'app'@'%', and their sessions ended"],
])('describes itself: %#', (fence, text) => {
  expect(describeFence(fence)).toBe(text);
});

describe('a fence that stands, asked for another user', () => {
  test('locks that one too, and keeps whom it has locked before as those to be opened', async () => {
    const server = new Server(false);
    server.locked.add('app');
    const planned = await planFence(restorePlan(), { by: 'revoke', users: ['app', 'report'] }, tools(server));
    if (!planned.ok) throw new Error(planned.refusal.message);
    const [extended] = extendFence([BY_LOCK], planned.value);
    expect(extended).toEqual({
      ...BY_LOCK,
      accounts: [
        { user: 'app', host: '%' },
        { user: 'report', host: '%' },
      ],
    });
    if (extended === undefined) throw new Error('there is one');
    await setFence(extended, tools(server));
    expect(server.locked).toEqual(new Set(['app', 'report']));
  });

  test('is as planned where there is none, and as it stands where nobody is added', () => {
    expect(extendFence(undefined, [BY_LOCK])).toEqual([BY_LOCK]);
    expect(extendFence([BY_LOCK], [BY_LOCK])).toEqual([BY_LOCK]);
    expect(extendFence([BY_GROUP], [BY_LOCK])).toEqual([BY_GROUP]);
  });
});

test.each([
  ['a lock', BY_LOCK, ['2', '3']],
  ['a security group', BY_GROUP, ['3']],
])('%s ends the sessions on every instance, not on the writer alone', async (_, fence, left) => {
  const [writer, reader] = [new Server(false), new Server(false)];
  expect(await setFence(fence, tools(writer, reader))).toMatchObject({ ok: true });
  expect(writer.sessions.map(({ id }) => id)).toEqual(left);
  expect(reader.sessions.map(({ id }) => id)).toEqual(left);
  // accounts are those of the cluster, and a reader takes no writes
  expect(reader.log.filter((sql) => sql.startsWith('ALTER USER'))).toEqual([]);
});
