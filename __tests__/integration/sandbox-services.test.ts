import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Resolver } from 'node:dns/promises';
import {
  AppConfigClient,
  ConflictException,
  CreateHostedConfigurationVersionCommand,
  GetDeploymentCommand,
  GetHostedConfigurationVersionCommand,
  ListApplicationsCommand,
  ListConfigurationProfilesCommand,
  ListDeploymentsCommand,
  ListEnvironmentsCommand,
  ListHostedConfigurationVersionsCommand,
  ResourceNotFoundException as NoSuchAppConfig,
  StartDeploymentCommand,
  StopDeploymentCommand,
} from '@aws-sdk/client-appconfig';
import {
  CreateDBInstanceCommand,
  DescribeDBClustersCommand,
  RDSClient,
  RestoreDBClusterToPointInTimeCommand,
  waitUntilDBClusterAvailable,
  waitUntilDBInstanceAvailable,
} from '@aws-sdk/client-rds';
import { GetRoleCommand, IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import {
  ChangeResourceRecordSetsCommand,
  InvalidChangeBatch,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  NoSuchHostedZone,
  Route53Client,
  waitUntilResourceRecordSetsChanged,
} from '@aws-sdk/client-route-53';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { valueOf } from '../../lib/errors';
import { setUpTerraform } from '../../lib/terraform/terraform-environment';
import type { ApplicationStatus } from '../../sandbox/scenario/application-status';
import type { Scenario } from '../../sandbox/scenario/scenario-host';
import { startTradingScenario } from '../../sandbox/scenario/trading-scenario';
import { startSandbox, type Sandbox } from '../../sandbox/server';

jest.setTimeout(20 * 60_000);

const SECRET = 'trading/db';
let sandbox: Sandbox;
let scenario: Scenario;
let rds: RDSClient;
let ssm: SSMClient;
let secrets: SecretsManagerClient;
let route53: Route53Client;
let appConfig: AppConfigClient;
let source: string;
let restored: string;

beforeAll(async () => {
  sandbox = await startSandbox({
    settings: { createDelayMs: 200, restorableLagMs: 300, dnsPropagationMs: 300, deploymentMinuteMs: 100 },
    say: () => undefined,
  });
  scenario = await startTradingScenario(sandbox);
  const client = {
    endpoint: sandbox.endpointUrl,
    region: sandbox.settings.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  rds = new RDSClient(client);
  ssm = new SSMClient(client);
  secrets = new SecretsManagerClient(client);
  route53 = new Route53Client(client);
  appConfig = new AppConfigClient(client);
  source = sandbox.clusters()[0]?.endpoint ?? '';
  await applicationIsOn(() => source);
  restored = await restore();
});

afterAll(async () => {
  for (const client of [rds, ssm, secrets, route53, appConfig]) client.destroy();
  await scenario.close();
  await sandbox.close();
});

async function restore(): Promise<string> {
  const copy = { DBClusterIdentifier: 'trading-copy' };
  while ((await clusterOf('trading')).LatestRestorableTime === undefined) await sleep(100);
  await rds.send(
    new RestoreDBClusterToPointInTimeCommand({
      ...copy,
      SourceDBClusterIdentifier: 'trading',
      UseLatestRestorableTime: true,
    }),
  );
  const waiter = { client: rds, maxWaitTime: 60, minDelay: 1, maxDelay: 1 };
  await waitUntilDBClusterAvailable(waiter, copy);
  const DBInstanceIdentifier = 'trading-copy-1';
  await rds.send(
    new CreateDBInstanceCommand({
      ...copy,
      DBInstanceIdentifier,
      DBInstanceClass: 'db.r6g.large',
      Engine: 'aurora-mysql',
    }),
  );
  await waitUntilDBInstanceAvailable(waiter, { DBInstanceIdentifier });
  return (await clusterOf('trading-copy')).Endpoint ?? '';
}

async function clusterOf(
  DBClusterIdentifier: string,
): Promise<{ Endpoint?: string | undefined; LatestRestorableTime?: Date | undefined }> {
  const { DBClusters: [found] = [] } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
  return found ?? {};
}

async function control(method: 'GET' | 'POST', body?: object): Promise<ApplicationStatus> {
  const response = await fetch(`${sandbox.endpointUrl}/_sandbox/application`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as ApplicationStatus;
}

/** Waits until it writes there, and has told which commits it does not find. */
async function applicationIsOn(host: () => string): Promise<ApplicationStatus> {
  for (;;) {
    const status = await control('GET');
    const settled = status.moves.every(({ lostWrites }) => lostWrites !== null);
    if (status.databaseHost === host() && status.writes > 2 && settled) return status;
    await sleep(50);
  }
}

async function putSecretHost(host: string): Promise<void> {
  const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: SECRET }));
  const text = JSON.stringify({ ...(JSON.parse(SecretString) as object), host });
  await secrets.send(new PutSecretValueCommand({ SecretId: SECRET, SecretString: text }));
}

async function zoneId(): Promise<string> {
  const { HostedZones: [zone] = [] } = await route53.send(new ListHostedZonesCommand({}));
  expect(zone).toMatchObject({ Name: 'trading.internal.', Config: { PrivateZone: true } });
  return zone?.Id ?? '';
}

async function changeRecord(Action: 'CREATE' | 'UPSERT', host: string): Promise<void> {
  const { ChangeInfo } = await route53.send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: await zoneId(),
      ChangeBatch: {
        Changes: [
          {
            Action,
            ResourceRecordSet: {
              Name: 'db.trading.internal',
              Type: 'CNAME',
              TTL: 1,
              ResourceRecords: [{ Value: host }],
            },
          },
        ],
      },
    }),
  );
  expect(ChangeInfo).toMatchObject({ Status: 'PENDING', SubmittedAt: expect.any(Date) as Date });
  const waiter = { client: route53, maxWaitTime: 10, minDelay: 1, maxDelay: 1 };
  await waitUntilResourceRecordSetsChanged(waiter, { Id: ChangeInfo?.Id });
}

async function place(): Promise<{
  ApplicationId: string;
  EnvironmentId: string;
  ConfigurationProfileId: string;
}> {
  const { Items: [application] = [] } = await appConfig.send(new ListApplicationsCommand({}));
  const ApplicationId = application?.Id ?? '';
  const { Items: [environment] = [] } = await appConfig.send(new ListEnvironmentsCommand({ ApplicationId }));
  const { Items: [profile] = [] } = await appConfig.send(
    new ListConfigurationProfilesCommand({ ApplicationId }),
  );
  return {
    ApplicationId,
    EnvironmentId: environment?.Id ?? '',
    ConfigurationProfileId: profile?.Id ?? '',
  };
}

/** @returns the number of the deployment, which has begun */
async function deploy(host: string, DeploymentStrategyId: string): Promise<number> {
  const { EnvironmentId, ...profile } = await place();
  const { Items: [latest] = [] } = await appConfig.send(new ListHostedConfigurationVersionsCommand(profile));
  const VersionNumber = latest?.VersionNumber ?? 0;
  const { Content, ContentType } = await appConfig.send(
    new GetHostedConfigurationVersionCommand({ ...profile, VersionNumber }),
  );
  expect(ContentType).toBe('application/json');
  const settings = JSON.parse(Buffer.from(Content ?? []).toString('utf8')) as { database: object };
  const { VersionNumber: made } = await appConfig.send(
    new CreateHostedConfigurationVersionCommand({
      ...profile,
      Content: Buffer.from(JSON.stringify({ ...settings, database: { ...settings.database, host } })),
      ContentType: 'application/json',
      LatestVersionNumber: VersionNumber,
    }),
  );
  expect(made).toBe(VersionNumber + 1);
  const { DeploymentNumber = 0 } = await appConfig.send(
    new StartDeploymentCommand({
      ...profile,
      EnvironmentId,
      DeploymentStrategyId,
      ConfigurationVersion: String(made),
    }),
  );
  return DeploymentNumber;
}

/** Each way to move the application: written by its own API, as a person or Terraform would. */
const WAYS: Readonly<Record<ApplicationStatus['configuredBy'], (host: string) => Promise<unknown>>> = {
  'ssm-parameter': (Value) =>
    ssm.send(new PutParameterCommand({ Name: '/trading/db/host', Value, Overwrite: true })),
  'ssm-secure-string': (Value) =>
    ssm.send(new PutParameterCommand({ Name: '/trading/db/secure-host', Value, Overwrite: true })),
  secret: putSecretHost,
  'dns-record': (host) => changeRecord('UPSERT', host),
  appconfig: async (host) => {
    const number = await deploy(host, 'AppConfig.AllAtOnce');
    const { EnvironmentId, ApplicationId } = await place();
    const deployment = { ApplicationId, EnvironmentId, DeploymentNumber: number };
    const states = new Set<string>();
    while (!states.has('COMPLETE')) {
      const { State = '' } = await appConfig.send(new GetDeploymentCommand(deployment));
      states.add(State);
      await sleep(50);
    }
    expect([...states]).toEqual(['BAKING', 'COMPLETE']);
  },
};

test.each(Object.entries(WAYS))(
  'an application that is configured by %s moves there and back, and tells what was lost',
  async (configuredBy, moveTo) => {
    const before = await control('POST', { configuredBy, cacheSeconds: 0.2, maxConnectionSeconds: 0.5 });
    expect(before).toMatchObject({ configuredBy });
    const moves = (await applicationIsOn(() => source)).moves.length;

    await moveTo(restored);
    const there = await applicationIsOn(() => restored);
    expect(there.moves[moves]).toMatchObject({
      from: source,
      to: restored,
      lostWrites: expect.anything() as object,
    });
    // the restore is older than all that was written since
    expect(there.moves[moves]?.lostWrites?.count).toBeGreaterThan(0);

    await moveTo(source);
    const back = await applicationIsOn(() => source);
    expect(back.moves[moves + 1]?.lostWrites?.count).toBeGreaterThan(2);
    expect(back.databases.map(({ host }) => host).sort()).toEqual([source, restored].sort());
  },
);

test('the resolver answers for the zone with the record’s own TTL', async () => {
  const resolver = new Resolver();
  resolver.setServers([sandbox.env['DRILL_DNS_SERVER'] ?? '']);
  await expect(resolver.resolve4('db.trading.internal', { ttl: true })).resolves.toEqual([
    { address: source, ttl: 1 },
  ]);
});

test('errors are those of the services, as the SDK knows them', async () => {
  await expect(secrets.send(new GetSecretValueCommand({ SecretId: 'nope' }))).rejects.toBeInstanceOf(
    ResourceNotFoundException,
  );
  await expect(changeRecord('CREATE', source)).rejects.toBeInstanceOf(InvalidChangeBatch);
  await expect(
    route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: 'Z1' })),
  ).rejects.toBeInstanceOf(NoSuchHostedZone);
  const ApplicationId = 'abcdefg';
  await expect(appConfig.send(new ListEnvironmentsCommand({ ApplicationId }))).rejects.toBeInstanceOf(
    NoSuchAppConfig,
  );
});

test('an AppConfig deployment grows, keeps others out, and can be taken back', async () => {
  const number = await deploy('127.0.0.1', 'AppConfig.Canary10Percent20Minutes');
  const { ConfigurationProfileId: _, ...environment } = await place();
  await expect(deploy('127.0.0.1', 'AppConfig.AllAtOnce')).rejects.toBeInstanceOf(ConflictException);
  const deployment = { ...environment, DeploymentNumber: number };
  const { PercentageComplete } = await appConfig.send(new GetDeploymentCommand(deployment));
  expect(PercentageComplete).toBeGreaterThanOrEqual(10);
  expect(PercentageComplete).toBeLessThan(100);
  await appConfig.send(new StopDeploymentCommand({ ...deployment, AllowRevert: true }));
  await sleep(200);
  const { Items: [newest] = [] } = await appConfig.send(new ListDeploymentsCommand(environment));
  expect(newest).toMatchObject({
    DeploymentNumber: number,
    State: 'ROLLED_BACK',
    StartedAt: expect.any(Date) as Date,
  });
});

const folder = mkdtempSync(path.join(tmpdir(), 'sandbox-services-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs terraform in a folder of its own, and answers with its exit code and what it printed. */
async function terraform(where: string, ...args: string[]): Promise<{ exitCode: number; output: string }> {
  const setup = valueOf(await setUpTerraform({ env: process.env, directory: folder }));
  const env = { ...process.env, ...sandbox.env, ...setup.environment };
  return new Promise((resolve) => {
    const command = [`-chdir=${where}`, ...args, '-no-color', '-input=false'];
    execFile('terraform', command, { env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      // Terraform wraps lines at its own width
      const output = (stdout + stderr).replace(/\s*[│╷╵\n]\s*/g, ' ');
      resolve({ exitCode: typeof code === 'number' ? code : 1, output });
    });
  });
}

function configurationIn(name: string, text: string): string {
  const where = path.join(folder, name);
  mkdirSync(where, { recursive: true });
  writeFileSync(
    path.join(where, 'main.tf'),
    `terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = ">= 5.100.0, < 7.0.0" }
  }
  backend "s3" {
    bucket       = "terraform-states"
    key          = "drills/one/repoint.tfstate"
    use_lockfile = true
    encrypt      = true
    use_path_style = true
  }
}
provider "aws" {}
${text}`,
  );
  return where;
}

const recordOf = (zone: string, host: string): string => `
import {
  to = aws_route53_record.db
  id = "${zone}_db.trading.internal_CNAME"
}
resource "aws_route53_record" "db" {
  zone_id = "${zone}"
  name    = "db.trading.internal"
  type    = "CNAME"
  ttl     = 1
  records = ["${host}"]
}
`;
const resources = (zone: string, host: string, version: number): string => `
${recordOf(zone, host)}
resource "aws_ssm_parameter" "token" {
  name             = "/trading/token"
  type             = "SecureString"
  value_wo         = "open sesame ${version}"
  value_wo_version = ${version}
}
resource "aws_secretsmanager_secret" "new" {
  name                    = "batch/db"
  description             = "of the batch"
  recovery_window_in_days = 0
  tags                    = { team = "batch" }
}
resource "aws_secretsmanager_secret_version" "new" {
  secret_id                = aws_secretsmanager_secret.new.id
  secret_string_wo         = jsonencode({ host = "${host}", password = "s3cret ${version}" })
  secret_string_wo_version = ${version}
}
`;

test('real Terraform manages record, parameter and secret without a secret in its state, which S3 keeps and locks', async () => {
  await sandbox.call('s3', 'CreateBucket', { Bucket: 'terraform-states', LocationConstraint: 'us-east-2' });
  const zone = await zoneId();
  const one = configurationIn('one', resources(zone, restored, 1));
  expect((await terraform(one, 'init')).output).toContain('successfully initialized');
  const applied = await terraform(one, 'apply', '-auto-approve');
  expect(applied.output).toContain('Resources: 1 imported, 3 added, 1 changed, 0 destroyed');
  expect((await terraform(one, 'plan')).output).toContain('No changes.');

  configurationIn('one', resources(zone, restored, 2));
  const changed = await terraform(one, 'apply', '-auto-approve');
  // the provider replaces the version of a secret that is written only, and so makes the next one
  expect(changed.output).toContain('1 added, 1 changed, 1 destroyed');
  await expect(secrets.send(new GetSecretValueCommand({ SecretId: 'batch/db' }))).resolves.toMatchObject({
    SecretString: expect.stringContaining('s3cret 2') as string,
  });

  // nobody gets past a lock that someone else holds
  const lock = { Bucket: 'terraform-states', Key: 'drills/one/repoint.tfstate.tflock' };
  const held = JSON.stringify({
    ID: 'held-by-someone',
    Operation: 'OperationTypeApply',
    Who: 'someone@elsewhere',
  });
  await sandbox.call('s3', 'PutObject', { ...lock, Body: Buffer.from(held) });
  const refused = await terraform(one, 'apply', '-auto-approve');
  expect(refused).toMatchObject({ exitCode: 1 });
  expect(refused.output).toContain('Error acquiring the state lock');
  expect(refused.output).toContain('PreconditionFailed');
  expect(refused.output).toContain('someone@elsewhere');
  await sandbox.call('s3', 'DeleteObject', lock);

  const { Body } = (await sandbox.call('s3', 'GetObject', {
    Bucket: 'terraform-states',
    Key: 'drills/one/repoint.tfstate',
  })) as { Body: Uint8Array };
  const state = Buffer.from(Body).toString('utf8');
  expect(state).toContain('db.trading.internal');
  expect(state).not.toMatch(/s3cret|open sesame/);

  configurationIn('one', recordOf(zone, restored));
  const removed = await terraform(one, 'apply', '-auto-approve');
  expect(removed.output).toContain('0 added, 0 changed, 3 destroyed');
});

// last: from here on other keys are nobody's
test('a role may do what its policy says, and is refused the rest in the form of each service', async () => {
  const client = { endpoint: sandbox.endpointUrl, region: sandbox.settings.region };
  const { arn } = sandbox.putRole('planner', {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: ['rds:Describe*', 'iam:GetRole', 'iam:Simulate*'], Resource: '*' },
      {
        Effect: 'Allow',
        Action: 'ssm:GetParameter',
        Resource: 'arn:aws:ssm:*:*:parameter/trading/*',
      },
    ],
  });
  const anonymous = new STSClient(client);
  const { Credentials: given } = await anonymous.send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: arn,
      RoleSessionName: 'drill',
      WebIdentityToken: 'of.a.pipeline',
    }),
  );
  const credentials = {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  };
  const asRole = { ...client, credentials };
  const clients = {
    sts: new STSClient(asRole),
    rds: new RDSClient(asRole),
    ssm: new SSMClient(asRole),
    iam: new IAMClient(asRole),
    route53: new Route53Client(asRole),
    appConfig: new AppConfigClient(asRole),
  };
  const identity = 'arn:aws:sts::000000000000:assumed-role/planner/drill';
  await expect(clients.sts.send(new GetCallerIdentityCommand({}))).resolves.toMatchObject({ Arn: identity });
  await expect(clients.rds.send(new DescribeDBClustersCommand({}))).resolves.toHaveProperty('DBClusters');
  await expect(
    clients.ssm.send(new GetParameterCommand({ Name: '/trading/db/host' })),
  ).resolves.toHaveProperty('Parameter');
  const { Role: role } = await clients.iam.send(new GetRoleCommand({ RoleName: 'planner' }));
  const { EvaluationResults: results = [] } = await clients.iam.send(
    new SimulatePrincipalPolicyCommand({
      PolicySourceArn: role?.Arn,
      ActionNames: ['rds:DescribeDBClusters', 'rds:DeleteDBCluster'],
    }),
  );
  expect(results.map(({ EvalDecision }) => EvalDecision)).toEqual(['allowed', 'implicitDeny']);

  const refusals = [
    [
      'rds:RestoreDBClusterToPointInTime',
      'AccessDenied',
      clients.rds.send(
        new RestoreDBClusterToPointInTimeCommand({
          DBClusterIdentifier: 'x',
          SourceDBClusterIdentifier: 'trading',
          UseLatestRestorableTime: true,
        }),
      ),
    ],
    [
      'ssm:PutParameter',
      'AccessDeniedException',
      clients.ssm.send(new PutParameterCommand({ Name: '/trading/db/host', Value: 'x', Overwrite: true })),
    ],
    ['route53:ListHostedZones', 'AccessDenied', clients.route53.send(new ListHostedZonesCommand({}))],
    [
      'appconfig:ListApplications',
      'AccessDeniedException',
      clients.appConfig.send(new ListApplicationsCommand({})),
    ],
  ] as const;
  for (const [action, name, call] of refusals) {
    await expect(call).rejects.toMatchObject({
      name,
      message: expect.stringContaining(`User: ${identity} is not authorized to perform: ${action}`) as string,
    });
  }
  await expect(secrets.send(new GetSecretValueCommand({ SecretId: SECRET }))).rejects.toMatchObject({
    name: 'InvalidClientTokenId',
  });
  // the application, which has the sandbox's own environment, goes on
  const { writes } = await control('GET');
  await sleep(500);
  expect((await control('GET')).writes).toBeGreaterThan(writes);
  for (const each of [anonymous, ...Object.values(clients)]) each.destroy();
});
