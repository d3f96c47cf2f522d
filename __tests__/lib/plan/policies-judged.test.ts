import { namedPlace, type NamedPlace } from '../../../lib/plan/named-place';
import { policyFor, ROLES, type Role } from '../../../lib/plan/policies';
import { AwsError } from '../../../sandbox/protocols/operation';
import { authorize } from '../../../sandbox/services/iam/authorize';
import { IamState } from '../../../sandbox/services/iam/iam-state';

const [ACCOUNT, REGION] = ['123456789012', 'eu-central-1'];
const ARN = `arn:aws:rds:${REGION}:${ACCOUNT}:`;
const MONITORING = `arn:aws:iam::${ACCOUNT}:role/monitoring`;
const named: NamedPlace = {
  partition: 'aws',
  account: ACCOUNT,
  region: REGION,
  sourceClusters: ['trading'],
  otherClusters: ['trading-ledger'],
  retainedBackups: [],
  keys: [],
  roles: [MONITORING],
  parameters: ['/trading/*'],
  secrets: ['trading/db'],
  loginSecrets: ['trading/verifier'],
  hostedZones: ['Z1'],
  dnsRecords: ['DB.trading.internal.'],
  configurations: ['app1'],
  applicationKeys: [],
  databaseUsers: [],
};
const state = { bucket: 'states', prefix: 'restore-drills', region: REGION };

/** What carries the drill's tag before a swap, and after it. */
const BEFORE = ['cluster:trading-spring', 'db:trading-spring-1'];
const AFTER = ['cluster:trading', 'db:trading-1', 'db:trading-instance-1'];

/** Who, what for, by which call, and what carries the drill's tag meanwhile. */
type Row = [Role, string, string, object, (readonly string[])?];
type Ask = (role: Role, call: string, input: object, tagged?: readonly string[]) => string;

function openAccount(changed: Partial<NamedPlace> = {}): Ask {
  const iam = new IamState(ACCOUNT, REGION, 'ADMINISTRATOR');
  const place = namedPlace({ ...named, ...changed });
  for (const role of ROLES) iam.putRole(role, { policy: policyFor(role, place, state) });
  return (role, call, input, tagged = BEFORE) => {
    const { credentials } = iam.startSession(iam.role(role), 'test', 900);
    const [service = '', operation = ''] = call.split(':');
    const tags = new Map([['restore-drill', 'spring']]);
    const request = {
      service,
      operation,
      input,
      caller: { accessKeyId: credentials.AccessKeyId },
      protocol: 'query',
    } as const;
    try {
      authorize(request, iam, (arn) => (tagged.includes(arn.replace(ARN, '')) ? tags : undefined));
      return 'allowed';
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'AccessDenied') throw error;
      return 'denied';
    }
  };
}
const ask = openAccount();

const Tags = [{ Key: 'restore-drill', Value: 'spring' }];
const tag = (name: string): object => ({ ResourceName: `${ARN}${name}`, Tags });
const cluster = (DBClusterIdentifier: string, more: object = {}): object => ({
  DBClusterIdentifier,
  ...more,
});
const instance = (DBInstanceIdentifier: string, more: object = {}): object => ({
  DBInstanceIdentifier,
  ...more,
});
const restore = (SourceDBClusterIdentifier: string, name = 'trading-autumn'): object =>
  cluster(name, { SourceDBClusterIdentifier, Tags });
const fromSnapshot = (SnapshotIdentifier: string, name = 'trading-autumn'): object =>
  cluster(name, { SnapshotIdentifier, Tags });
const rename = (from: string, NewDBClusterIdentifier: string): object =>
  cluster(from, { NewDBClusterIdentifier });
const renameInstance = (from: string, NewDBInstanceIdentifier: string): object =>
  instance(from, { NewDBInstanceIdentifier });
const final = (name: string, FinalDBSnapshotIdentifier: string): object =>
  cluster(name, { SkipFinalSnapshot: false, FinalDBSnapshotIdentifier });
const record = (Name: string, Action = 'UPSERT', Type = 'CNAME', HostedZoneId = 'Z1'): object => ({
  HostedZoneId,
  ChangeBatch: { Changes: { Change: { Action, ResourceRecordSet: { Name, Type } } } },
});
const object = (Key: string): object => ({ Bucket: 'states', Key });
const STATE = 'restore-drills/spring/restore.tfstate';

describe('of what it is meant for', () => {
  test.each<Row>([
    ['planner', 'locks a state', 's3:PutObject', object(`${STATE}.tflock`)],
    ['planner', 'unlocks it', 's3:DeleteObject', object(`${STATE}.tflock`)],
    ['planner', 'reads it', 's3:GetObject', object(STATE)],
    ['restorer', 'restores', 'rds:RestoreDBClusterToPointInTime', restore('trading')],
    [
      'restorer',
      'restores an automated snapshot',
      'rds:RestoreDBClusterFromSnapshot',
      fromSnapshot(`${ARN}cluster-snapshot:rds:trading-2026-09-01-02-03`),
    ],
    [
      'restorer',
      'restores a manual one that is called after the cluster',
      'rds:RestoreDBClusterFromSnapshot',
      fromSnapshot('trading-before-migration'),
    ],
    [
      'restorer',
      'makes an instance',
      'rds:CreateDBInstance',
      instance('trading-spring-2', { ...cluster('trading-spring'), Tags, MonitoringRoleArn: MONITORING }),
    ],
    ['restorer', 'tags what is its own', 'rds:AddTagsToResource', tag('cluster:trading-spring')],
    ['restorer', 'deletes what is its own', 'rds:DeleteDBCluster', cluster('trading-spring')],
    [
      'restorer',
      'keeps a final snapshot of it, tags and all',
      'rds:DeleteDBCluster',
      final('trading-spring', 'trading-spring-final'),
    ],
    ['restorer', 'writes the state', 's3:PutObject', object(STATE)],
    ['restorer', 'logs in to verify', 'secretsmanager:GetSecretValue', { SecretId: 'trading/verifier' }],
    ['cut-over', 'fences the old cluster', 'rds:ModifyDBCluster', cluster('trading')],
    ['cut-over', 'rewinds it', 'rds:BacktrackDBCluster', cluster('trading')],
    ['cut-over', 'changes the record', 'route53:ChangeResourceRecordSets', record('db.trading.internal')],
    [
      'cut-over',
      'deploys a config',
      'appconfig:StartDeployment',
      { ApplicationId: 'app1', EnvironmentId: 'e', ConfigurationProfileId: 'p' },
    ],
    ['cut-over', 'renames the old', 'rds:ModifyDBCluster', rename('trading', 'trading-retired-20260102')],
    ['cut-over', 'renames the restored', 'rds:ModifyDBCluster', rename('trading-spring', 'trading')],
    [
      'cut-over',
      'renames the old instance',
      'rds:ModifyDBInstance',
      renameInstance('trading-1', 'trading-1-retired-20260102'),
    ],
    [
      'cut-over',
      'renames the restored instance',
      'rds:ModifyDBInstance',
      renameInstance('trading-spring-1', 'trading-1'),
    ],
    ['cut-over', 'swaps back', 'rds:ModifyDBCluster', rename('trading', 'trading-spring'), AFTER],
    [
      'cut-over',
      'and the old one',
      'rds:ModifyDBCluster',
      rename('trading-retired-20260102', 'trading'),
      AFTER,
    ],
    ['retirer', 'ends the old cluster', 'rds:DeleteDBCluster', final('trading', 'trading-final-20260102')],
    [
      'retirer',
      'ends it after a swap',
      'rds:DeleteDBCluster',
      final('trading-retired-20260102', 'trading-retired-20260102-final-20260110'),
      AFTER,
    ],
    ['retirer', 'and its instances', 'rds:DeleteDBInstance', instance('trading-1-retired-20260102'), AFTER],
    ['retirer', "ends a drill's own", 'rds:DeleteDBCluster', cluster('trading-spring')],
    ['retirer', 'and its instances', 'rds:DeleteDBInstance', instance('trading-spring-1')],
    [
      'retirer',
      'ends one that was restored in earnest',
      'rds:DeleteDBCluster',
      final('trading-spring', 'trading-spring-final'),
    ],
    ['retirer', 'logs in', 'secretsmanager:GetSecretValue', { SecretId: 'trading/verifier' }],
    ['retirer', 'writes the state', 's3:PutObject', object(STATE)],
  ])('the %s %s', (...[role, , call, input, tagged]) => {
    expect(ask(role, call, input, tagged)).toBe('allowed');
  });
});

describe('of all else', () => {
  const password = { MasterUserPassword: 'x' };
  test.each<Row>([
    ['planner', 'write a state', 's3:PutObject', object(STATE)],
    ['planner', 'delete one', 's3:DeleteObject', object(STATE)],
    ['planner', "read another team's", 's3:GetObject', object('other-team/prod.tfstate')],
    ['planner', "delete another team's lock", 's3:DeleteObject', object('other-team/prod.tfstate.tflock')],
    ['restorer', 'tag another cluster', 'rds:AddTagsToResource', tag('cluster:payments')],
    [
      'restorer',
      'tag a cluster that is called alike',
      'rds:AddTagsToResource',
      tag('cluster:trading-ledger'),
    ],
    ['restorer', "tag the source's instance", 'rds:AddTagsToResource', tag('db:trading-1')],
    ['restorer', "tag the console's first instance", 'rds:AddTagsToResource', tag('db:trading-instance-1')],
    ['restorer', 'tag the source', 'rds:AddTagsToResource', tag('cluster:trading')],
    [
      'restorer',
      'tag with another tag',
      'rds:AddTagsToResource',
      { ...tag('cluster:trading-x'), Tags: [{ Key: 'a' }] },
    ],
    [
      'restorer',
      'delete another that is tagged',
      'rds:DeleteDBCluster',
      cluster('payments'),
      ['cluster:payments'],
    ],
    ['restorer', 'delete what is not tagged', 'rds:DeleteDBCluster', cluster('trading-autumn')],
    ['restorer', "change the source's password", 'rds:ModifyDBCluster', cluster('trading', password)],
    ['restorer', 'delete what has taken its place', 'rds:DeleteDBCluster', cluster('trading'), AFTER],
    ['restorer', 'restore another cluster', 'rds:RestoreDBClusterToPointInTime', restore('payments')],
    [
      'restorer',
      'restore one that is called alike',
      'rds:RestoreDBClusterToPointInTime',
      restore('trading-ledger'),
    ],
    [
      'restorer',
      'restore to another name',
      'rds:RestoreDBClusterToPointInTime',
      restore('trading', 'payments-x'),
    ],
    [
      'restorer',
      "restore another's snapshot",
      'rds:RestoreDBClusterFromSnapshot',
      fromSnapshot('rds:payments-2026'),
    ],
    [
      'restorer',
      'add an instance to another cluster',
      'rds:CreateDBInstance',
      instance('trading-x-1', { ...cluster('trading'), Tags }),
    ],
    [
      'restorer',
      'pass another role',
      'rds:AddRoleToDBCluster',
      cluster('trading-spring', { RoleArn: `${MONITORING}x` }),
    ],
    ['restorer', 'delete a state', 's3:DeleteObject', object(STATE)],
    ['cut-over', "change another's password", 'rds:ModifyDBCluster', cluster('payments', password)],
    [
      'cut-over',
      'change one that is called alike',
      'rds:ModifyDBCluster',
      cluster('trading-ledger', password),
    ],
    ['cut-over', 'change what no drill has made', 'rds:ModifyDBCluster', cluster('trading-x', password)],
    [
      'cut-over',
      "open another's instance",
      'rds:ModifyDBInstance',
      instance('payments-1', { PubliclyAccessible: true }),
    ],
    ['cut-over', 'rename to another name', 'rds:ModifyDBCluster', rename('trading', 'payments')],
    ['cut-over', 'rewind another', 'rds:BacktrackDBCluster', cluster('payments')],
    ['cut-over', 'change another record', 'route53:ChangeResourceRecordSets', record('www.trading.internal')],
    [
      'cut-over',
      'delete the record',
      'route53:ChangeResourceRecordSets',
      record('db.trading.internal', 'DELETE'),
    ],
    [
      'cut-over',
      'change its MX',
      'route53:ChangeResourceRecordSets',
      record('db.trading.internal', 'UPSERT', 'MX'),
    ],
    [
      'cut-over',
      'change another zone',
      'route53:ChangeResourceRecordSets',
      record('db.trading.internal', 'UPSERT', 'CNAME', 'Z2'),
    ],
    [
      'cut-over',
      "deploy another's config",
      'appconfig:StartDeployment',
      { ApplicationId: 'app2', EnvironmentId: 'e' },
    ],
    ['cut-over', 'end anything', 'rds:DeleteDBCluster', cluster('trading-spring')],
    ['retirer', "end another's instance", 'rds:DeleteDBInstance', instance('payments-1')],
    ['retirer', 'end another cluster', 'rds:DeleteDBCluster', final('payments', 'payments-final-20260102')],
    ['retirer', 'end one that is called alike', 'rds:DeleteDBCluster', cluster('trading-ledger')],
    [
      'retirer',
      'end what is live after a swap',
      'rds:DeleteDBCluster',
      cluster('trading', { SkipFinalSnapshot: true }),
      AFTER,
    ],
    ['retirer', 'end its instances', 'rds:DeleteDBInstance', instance('trading-1'), AFTER],
    ['retirer', 'end those of the console', 'rds:DeleteDBInstance', instance('trading-instance-1'), AFTER],
    ['retirer', 'take off the protection', 'rds:ModifyDBCluster', cluster('trading')],
    ['retirer', "read the application's secret", 'secretsmanager:GetSecretValue', { SecretId: 'trading/db' }],
    ['retirer', "read the application's config", 'ssm:GetParameter', { Name: '/trading/db/host' }],
  ])('the %s may not %s', (...[role, , call, input, tagged]) => {
    expect(ask(role, call, input, tagged)).toBe('denied');
  });
});

test('of several clusters each is as the only one would be', () => {
  const both = openAccount({ sourceClusters: ['trading', 'ledger'], otherClusters: [] });
  for (const source of ['trading', 'ledger']) {
    expect(both('restorer', 'rds:RestoreDBClusterToPointInTime', restore(source))).toBe('allowed');
    expect(both('restorer', 'rds:AddTagsToResource', tag(`cluster:${source}`))).toBe('denied');
    expect(both('cut-over', 'rds:ModifyDBCluster', cluster(source))).toBe('allowed');
  }
});

test('where a pattern names the sources, only the tag tells a drill’s own from them', () => {
  const all = openAccount({ sourceClusters: ['trading*'], otherClusters: [] });
  expect(all('restorer', 'rds:DeleteDBCluster', cluster('trading-spring'))).toBe('allowed');
  expect(all('restorer', 'rds:DeleteDBCluster', cluster('trading-eu'))).toBe('denied');
});

test('what is called otherwise is named', () => {
  const shared = `arn:aws:rds:${REGION}:210987654321:cluster-snapshot:monthly`;
  const other = openAccount({
    sourceInstances: ['writer-a'],
    restoredClusters: ['drill-*'],
    snapshots: ['before-migration', shared],
  });
  expect(other('restorer', 'rds:RestoreDBClusterFromSnapshot', fromSnapshot(shared, 'drill-1'))).toBe(
    'allowed',
  );
  expect(
    other('restorer', 'rds:RestoreDBClusterFromSnapshot', fromSnapshot('before-migration', 'drill-1')),
  ).toBe('allowed');
  expect(other('restorer', 'rds:RestoreDBClusterToPointInTime', restore('trading'))).toBe('denied');
  expect(other('restorer', 'rds:AddTagsToResource', tag('db:writer-a'))).toBe('denied');
  expect(other('retirer', 'rds:DeleteDBInstance', instance('writer-a'))).toBe('allowed');
  expect(other('retirer', 'rds:DeleteDBInstance', instance('trading-1'))).toBe('denied');
});
