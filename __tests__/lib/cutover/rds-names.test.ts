import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  DBClusterAlreadyExistsFault,
  DBClusterNotFoundFault,
  InvalidDBClusterStateFault,
  InvalidDBInstanceStateFault,
  ModifyDBClusterCommand,
  ModifyDBInstanceCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { patientRds } from '../../../lib/cutover/patient-rds';
import { RdsNames } from '../../../lib/cutover/rds-names';

const step = { kind: 'cluster', from: 'trading', to: 'trading-retired' } as const;
const fault = { message: 'no', $metadata: {} };

describe('a rename', () => {
  const rds = mockClient(RDSClient);
  const names = new RdsNames(new RDSClient({ region: 'eu-central-1' }));
  beforeEach(() => rds.reset());
  afterAll(() => {
    rds.restore();
  });

  test('changes the name and nothing else', async () => {
    rds.onAnyCommand().resolves({});
    await expect(names.rename(step)).resolves.toBe('begun');
    await expect(names.rename({ ...step, kind: 'instance' })).resolves.toBe('begun');
    expect(rds.calls().map(({ args: [command] }) => command.input)).toEqual([
      { DBClusterIdentifier: 'trading', NewDBClusterIdentifier: 'trading-retired', ApplyImmediately: true },
      { DBInstanceIdentifier: 'trading', NewDBInstanceIdentifier: 'trading-retired', ApplyImmediately: true },
    ]);
  });

  test.each([
    ['InvalidDBClusterState', new InvalidDBClusterStateFault(fault)],
    ['DBClusterNotFound', new DBClusterNotFoundFault(fault)],
    ['DBClusterAlreadyExists', new DBClusterAlreadyExistsFault(fault)],
  ])('that %s does not allow now, such as beside a second run, is looked at again', async (_, error) => {
    rds.on(ModifyDBClusterCommand).rejects(error);
    await expect(names.rename(step)).resolves.toBe('not-now');
  });

  test('of an instance that is busy waits, and what RDS forbids is told', async () => {
    rds.on(ModifyDBInstanceCommand).rejects(new InvalidDBInstanceStateFault(fault));
    await expect(names.rename({ ...step, kind: 'instance' })).resolves.toBe('not-now');
    rds.on(ModifyDBClusterCommand).rejects(new Error('AccessDenied'));
    await expect(names.rename(step)).rejects.toThrow('AccessDenied');
  });
});

describe('a busy API', () => {
  let server: Server;
  let asked = 0;
  const before = { ...process.env };
  beforeAll(async () => {
    server = createServer((request, response) => {
      void text(request).then((body) => {
        const ofClusters = body.includes('DescribeDBClusters');
        if (ofClusters) asked += 1;
        const busy = ofClusters && asked <= 3;
        response.writeHead(busy ? 400 : 200, { 'content-type': 'text/xml' });
        response.end(
          busy
            ? '<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>'
            : '<DescribeDBClustersResponse><DescribeDBClustersResult><DBClusters/></DescribeDBClustersResult></DescribeDBClustersResponse>',
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    });
  });
  afterAll(async () => {
    process.env = before;
    await new Promise((resolve) => server.close(resolve));
  });

  test('is asked more often than the SDK would by itself', async () => {
    // the SDK waits for a random part of a while that doubles
    const random = jest.spyOn(Math, 'random').mockReturnValue(0);
    const client = patientRds('eu-central-1');
    const names = new RdsNames(client);
    await expect(names.fetch()).resolves.toEqual({ clusters: [], instances: [] });
    expect(asked).toBe(4);
    client.destroy();
    random.mockRestore();
  });
});
