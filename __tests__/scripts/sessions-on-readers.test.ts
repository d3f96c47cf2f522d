import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DescribeDBClustersCommand, DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { renderArtefact } from '../../lib/artefacts/artefact';
import { RdsDeletion } from '../../lib/cutover/rds-deletion';
import { mysqlDialect } from '../../lib/verify/mysql-dialect';
import type { OpenDatabase } from '../../lib/verify/server';
import { Sides } from '../../scripts/repoint/sides';
import { findDoomed } from '../../scripts/retire/find-doomed';
import type { DatabaseAddress } from '../../scripts/verify/databases';
import { restorePlan, verification } from '../lib/cutover/facts';

const asked: string[] = [];

/** A server on each address; on the reader's someone is still at work. */
function connect({ side, host }: DatabaseAddress): Promise<OpenDatabase> {
  asked.push(host);
  const rows = host.startsWith('reader.')
    ? [{ id: '7', usr: 'reporting', host: '10.0.0.9:5', command: 'Sleep' }]
    : [];
  return Promise.resolve({
    side,
    dialect: mysqlDialect,
    query: (sql: string) => Promise.resolve(sql.includes('PROCESSLIST') ? rows : []),
    close: () => Promise.resolve(),
  } as unknown as OpenDatabase);
}

jest.mock('../../scripts/verify/databases', () => ({ connectBy: () => connect }));

const rds = mockClient(RDSClient);
const before = process.cwd();
const folder = mkdtempSync(path.join(os.tmpdir(), 'readers-'));
const plan = restorePlan();

beforeAll(() => {
  process.chdir(folder);
  mkdirSync('drills/d', { recursive: true });
  writeFileSync('drills/d/verification.json', renderArtefact(verification()));
  rds.onAnyCommand().resolves({});
  rds
    .on(DescribeDBClustersCommand)
    .callsFake(({ DBClusterIdentifier: name }: { DBClusterIdentifier: string }) => ({
      DBClusters: [
        {
          Status: 'available',
          Endpoint: `cluster.${name}`,
          Port: 3306,
          DBClusterMembers: [{ DBInstanceIdentifier: `${name}-1`, IsClusterWriter: true }],
        },
      ],
    }));
  rds.on(DescribeDBInstancesCommand).callsFake(
    ({
      Filters: [
        {
          Values: [name],
        },
      ],
    }: {
      Filters: [{ Values: [string] }];
    }) => ({
      DBInstances: [
        { DBInstanceIdentifier: `${name}-2`, Endpoint: { Address: `reader.${name}`, Port: 3306 } },
        { DBInstanceIdentifier: `${name}-1`, Endpoint: { Address: `writer.${name}`, Port: 3306 } },
      ],
    }),
  );
});
beforeEach(() => asked.splice(0));
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

test('retire sees who is on a reader, while the writer is idle', async () => {
  const doomed = await findDoomed(plan, true, new RdsDeletion(new RDSClient({ region: 'r' })), {});
  expect(doomed.get('trading')?.sessions).toBe('1 of reporting from 10.0.0.9');
  expect(asked.sort()).toEqual(['reader.trading', 'writer.trading']);
});

test('arrival sees who is left on a reader, and asks no cluster endpoint, where its own session would be another', async () => {
  const sides = await Sides.open('d', plan, 'forward', {});
  expect(await sides.sessions()).toMatchObject({
    left: [{ user: 'reporting' }],
    reached: [{ user: 'reporting' }],
  });
  expect(asked.sort()).toEqual(['reader.trading', 'reader.trading-d', 'writer.trading', 'writer.trading-d']);
  expect([sides.left?.length, sides.reached.length]).toEqual([1, 1]);
  await sides.close();
});
