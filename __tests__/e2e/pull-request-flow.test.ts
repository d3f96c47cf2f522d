import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteDBClusterCommand,
  DescribeDBClustersCommand,
  RDSClient,
  RestoreDBClusterToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { messageOf } from '../../lib/errors';
import { startSandboxChild, type SandboxChild } from '../integration/sandbox-child';
import { provideGithubCli } from './workflows/github-cli';
import { LocalGithub, REPOSITORY } from './workflows/local-github';
import type { Context } from './workflows/expressions';
import { runJob, type Event, type JobRun, type Runner } from './workflows/run-job';
import { ROOT, useAsTemplate } from './workflows/template';

jest.setTimeout(30 * 60_000);

const ACCOUNT = '123456789012';
const REGION = 'eu-central-1';
const PARAMETER = '/trading/db/host';
const DELAYS =
  '--create-delay 1s --modify-delay 500ms --delete-delay 1s --log-delay 1s --log-jitter 500ms --restorable-lag 1s';

let folder: string;
let github: LocalGithub;
let sandbox: SandboxChild;
let runner: Runner;
let ssm: SSMClient;
/** Host of the application's database before anything happened. */
let oldHost = '';

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'pull-request-'));
  const gh = await provideGithubCli();
  github = await LocalGithub.start(folder);
  const state = `{ s3: { bucket: example-state, region: ${REGION}, usePathStyle: true } }`;
  const template = useAsTemplate(
    folder,
    github,
    `account: '${ACCOUNT}'\nregion: ${REGION}\nstate: ${state}\n`,
  );
  sandbox = await startSandboxChild(
    `--account-id ${ACCOUNT} --region ${REGION} ${DELAYS} --policies ${writePolicies(template)}`,
  );
  const { AWS_ENDPOINT_URL = '' } = sandbox.env;
  const client = { endpoint: AWS_ENDPOINT_URL, region: REGION, credentials: everybody() };
  ssm = new SSMClient(client);
  oldHost = await host();
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'example-state' }));
  s3.destroy();
  const secrets = new SecretsManagerClient(client);
  const { DRILL_DB_USER: username, DRILL_DB_PASSWORD: password } = sandbox.env;
  await secrets.send(
    new CreateSecretCommand({
      Name: 'trading/verifier',
      SecretString: JSON.stringify({ username, password }),
    }),
  );
  secrets.destroy();

  const { PATH = '', HOME = '', TF_PROVIDER_MIRROR = '', TF_CLI_CONFIG_FILE = '' } = process.env;
  runner = {
    github,
    folder,
    nodeModules: path.join(ROOT, 'node_modules'),
    env: { PATH: `${gh}:${PATH}`, HOME, TF_PROVIDER_MIRROR, TF_CLI_CONFIG_FILE, AWS_ENDPOINT_URL },
    vars: {
      AWS_REGION: REGION,
      DRILL_CLUSTER: 'trading',
      DRILL_PLANNER_ROLE: roleArn('planner'),
      DRILL_RESTORER_ROLE: roleArn('restorer'),
      DRILL_CUTOVER_ROLE: roleArn('cut-over'),
      DRILL_REPOINT_TARGETS: `--ssm-parameter ${PARAMETER}`,
      DRILL_DB_SECRET: 'trading/verifier',
      DRILL_APPLICATION_USERS: 'trading_app',
    },
    secrets: {},
    assumeRole,
  };
});
afterAll(async () => {
  ssm.destroy();
  await sandbox.stop();
  await github.stop();
  rmSync(folder, { recursive: true });
});

function writePolicies(template: string): string {
  const printed = execFileSync(
    'npm',
    [
      ...['run', '--silent', 'policies', '--', '--cluster', 'trading', '--account', ACCOUNT],
      ...['--region', REGION, '--parameter', '/trading/*', '--secret', 'trading/verifier'],
    ],
    { cwd: template, encoding: 'utf8' },
  );
  const directory = path.join(folder, 'policies');
  mkdirSync(directory);
  for (const [role, policy] of Object.entries(JSON.parse(printed) as Record<string, object>))
    writeFileSync(path.join(directory, `${role}.json`), JSON.stringify(policy));
  return directory;
}

function roleArn(role: string): string {
  return `arn:aws:iam::${ACCOUNT}:role/${role}`;
}

function everybody(): { accessKeyId: string; secretAccessKey: string } {
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = sandbox.env;
  return { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
}

async function assumeRole(arn: string, session: string): Promise<Record<string, string>> {
  const sts = new STSClient({
    endpoint: sandbox.endpointUrl,
    region: REGION,
    credentials: everybody(),
  });
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: session }));
  sts.destroy();
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  return {
    AWS_ACCESS_KEY_ID: AccessKeyId,
    AWS_SECRET_ACCESS_KEY: SecretAccessKey,
    AWS_SESSION_TOKEN: SessionToken,
  };
}

async function host(): Promise<string> {
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: PARAMETER }));
  return Parameter?.Value ?? '';
}

async function clusters(): Promise<readonly string[]> {
  const { DBClusters = [] } = await sandbox.rds.send(new DescribeDBClustersCommand({}));
  return DBClusters.map(({ DBClusterIdentifier }) => DBClusterIdentifier ?? '').sort();
}

/** What GitHub tells the workflows of the one pull request, as its branch is now. */
function pullRequest(event: Context = {}): Event {
  const [{ branch, number } = { branch: '', number: 0 }] = github.pullRequests;
  const sha = github.git('rev-parse', branch);
  github.git('update-ref', `refs/pull/${number}/head`, sha);
  return {
    github: {
      event_name: 'pull_request',
      event: {
        ...event,
        pull_request: {
          number: String(number),
          head: { ref: branch, sha, repo: { full_name: REPOSITORY } },
          base: { sha: github.git('rev-parse', 'main') },
        },
      },
    },
  };
}

function expectSuccess({ conclusion, log }: JobRun): void {
  if (conclusion !== 'success') throw new Error(log);
}

/** What the branch holds of the drill. */
function evidence(): readonly string[] {
  const [{ branch } = { branch: '' }] = github.pullRequests;
  return github
    .git('ls-tree', '--name-only', branch, `drills/${drill}/`)
    .split('\n')
    .map((file) => path.basename(file));
}

async function close(): Promise<JobRun> {
  github.closed.add(1);
  const which = await runJob(runner, 'drill-close.yml', 'which', pullRequest());
  expectSuccess(which);
  return runJob(runner, 'drill-close.yml', 'clean-up', { ...pullRequest(), needs: { which: which.outputs } });
}

function comment(): string {
  expect([...github.comments.keys()]).toEqual([1]);
  return github.comments.get(1) ?? '';
}

let drill = '';
let needs: Record<string, JobRun['outputs']> = {};
/** The event whose commit was reviewed: the evidence that jobs push starts no run of its own. */
let reviewed: Event = { github: {} };

test.each([
  ['2026-10-06', 'goes on as the planner, to open a rehearsal'],
  ['2026-10-13', 'success'],
  ['2026-11-03', 'success'],
])('once a quarter a rehearsal is opened by itself: the job of %s ends with %s', async (day, end) => {
  const calendar = mkdtempSync(path.join(folder, 'calendar-'));
  const date = `#!/bin/sh\nPATH=\${PATH#*:}\nexec date --date ${day} "$@"\n`;
  writeFileSync(path.join(calendar, 'date'), date, { mode: 0o755 });
  const onThatDay: Runner = {
    ...runner,
    env: { ...runner.env, PATH: `${calendar}:${runner.env['PATH'] ?? ''}` },
    assumeRole: (arn) =>
      Promise.reject(new Error(`goes on as the ${path.basename(arn)}, to open a rehearsal`)),
  };
  const vars = { ...runner.vars, DRILL_REHEARSAL_MATCH: 'UPDATE ops.heartbeat' };
  const event = { github: { event_name: 'schedule' } };
  const ended = runJob({ ...onThatDay, vars }, 'drill-open.yml', 'open', event);
  expect(
    await ended.then(
      ({ conclusion }) => conclusion,
      (error: unknown) => messageOf(error),
    ),
  ).toBe(end);
});

test('a drill is opened: the incident is resolved, the restore planned, and a pull request made of it', async () => {
  await sleep(4000); // the restore point lies after the first backup
  await sandbox.control('POST', 'incidents/delete-in-transaction');
  await sleep(1500);
  const opened = await runJob(runner, 'drill-open.yml', 'open', {
    github: { event_name: 'workflow_dispatch' },
    inputs: { since: '10m', match: '', pick: '' },
  });
  expectSuccess(opened);
  expect(github.pullRequests).toMatchObject([
    {
      title: expect.stringMatching(/^Restore drill [\d-]+: trading$/) as string,
      body: expect.stringContaining('# Restore plan of drill') as string,
    },
  ]);
});

test("a fork's pull request gets no role and runs nothing", async () => {
  const { github: context } = pullRequest();
  const fork = { head: { repo: { full_name: 'mallory/restore-drills' } } };
  const run = await runJob(runner, 'drill.yml', 'review', {
    github: { ...context, event: { pull_request: fork } },
  });
  expect(run).toMatchObject({ conclusion: 'skipped', log: '' });
});

test('its review shows that the cluster is ready and Terraform does what is to be approved, and comments', async () => {
  const review = await runJob(runner, 'drill.yml', 'review', pullRequest());
  expectSuccess(review);
  expect(review.environment).toBeUndefined();
  expect(review.log).toContain('pass  audit log: audit exported to CloudWatch');
  needs = { review: review.outputs };
  drill = review.outputs['drill'] ?? '';
  expect(comment()).toContain(`<!-- restore-drill ${drill} -->`);
  expect(await clusters()).toEqual(['trading']);
});

test('approved, it restores and verifies, and the evidence and the same comment tell of it', async () => {
  reviewed = { ...pullRequest(), needs };
  const restore = await runJob(runner, 'drill.yml', 'restore', reviewed);
  expectSuccess(restore);
  expect(restore.environment).toBe('drill-restore');
  needs = { ...needs, restore: restore.outputs };
  expect(await clusters()).toEqual(['trading', `trading-${drill}`]);
  expect(evidence()).toEqual(
    expect.arrayContaining(['repoint-plan.json', 'report.html', 'report.md', 'verification.json']),
  );
  expect(comment()).toMatch(/verif/i);
  expect(await host()).toBe(oldHost);
});

test('run again from what was reviewed, it changes nothing, verifies anew, and keeps the evidence once more', async () => {
  const again = await runJob(runner, 'drill.yml', 'restore', reviewed);
  expectSuccess(again);
  expect(again.log).toMatch(/0 added, 0 changed, 0 destroyed/);
  expect(again.outputs).toEqual({ repointable: github.git('rev-parse', `drill/${drill}`) });
  needs = { ...needs, restore: again.outputs };
  expect(await clusters()).toEqual(['trading', `trading-${drill}`]);
});

test('approved once more, it brings the application over', async () => {
  const repoint = await runJob(runner, 'drill.yml', 'repoint', { ...reviewed, needs });
  expectSuccess(repoint);
  expect(repoint.environment).toBe('drill-repoint');
  expect(evidence()).toContain('arrival.json');
  expect(await host()).not.toBe(oldHost);
  expect(comment()).toMatch(/arrived/i);
});

test('closed while the application is on the restored cluster, it destroys nothing, and says so', async () => {
  const closed = await close();
  expect(closed.conclusion).toBe('failure');
  expect(closed.log).toMatch(
    /refused: Terraform keeps aws_rds_cluster\.cluster-trading from being destroyed/,
  );
  expect(await clusters()).toEqual(['trading', `trading-${drill}`]);
});

test('closed after the way back, it destroys what it restored, and leaves everything else as it was', async () => {
  const label = { label: { name: 'take back' } };
  const which = await runJob(runner, 'drill-back.yml', 'which', pullRequest(label));
  expectSuccess(which);
  const back = await runJob(runner, 'drill-back.yml', 'back', {
    ...pullRequest(label),
    needs: { which: which.outputs },
  });
  expectSuccess(back);
  expect(back.environment).toBe('drill-repoint');
  expect(await host()).toBe(oldHost);
  const closed = await close();
  expectSuccess(closed);
  expect(closed.environment).toBe('drill-restore');
  expect(await clusters()).toEqual(['trading']);
});

test('no step called what the policy of its role does not allow, but to ask what that is', () => {
  const refused = sandbox.log().match(/.*AccessDenied.*/g) ?? [];
  // preflight asks IAM, and says which lines it cannot tell for that
  const asking = /^iam (GetRole|SimulatePrincipalPolicy) /;
  expect(refused.filter((call) => !asking.test(call.trim()))).toEqual([]);
});

describe('the least of rights', () => {
  const write = (ssm: SSMClient): Promise<unknown> =>
    ssm.send(new PutParameterCommand({ Name: PARAMETER, Value: 'elsewhere', Overwrite: true }));
  const remove = (_: SSMClient, rds: RDSClient): Promise<unknown> =>
    rds.send(new DeleteDBClusterCommand({ DBClusterIdentifier: 'trading', SkipFinalSnapshot: true }));
  const restore = (_: SSMClient, rds: RDSClient): Promise<unknown> =>
    rds.send(
      new RestoreDBClusterToPointInTimeCommand({
        DBClusterIdentifier: 'trading-of-nobody',
        SourceDBClusterIdentifier: 'trading',
        UseLatestRestorableTime: true,
      }),
    );

  test.each([
    ['planner', "write the application's config", write],
    ['planner', 'delete the source', remove],
    ['planner', 'restore', restore],
    ['restorer', "write the application's config", write],
    ['restorer', 'delete the source', remove],
    ['restorer', "restore without a drill's tag", restore],
    ['cut-over', 'delete the source', remove],
    ['cut-over', 'restore', restore],
  ])('the %s may not %s', async (role, _, call) => {
    const keys = await assumeRole(roleArn(role), 'least');
    const client = {
      endpoint: sandbox.endpointUrl,
      region: REGION,
      credentials: {
        accessKeyId: keys['AWS_ACCESS_KEY_ID'] ?? '',
        secretAccessKey: keys['AWS_SECRET_ACCESS_KEY'] ?? '',
        sessionToken: keys['AWS_SESSION_TOKEN'] ?? '',
      },
    };
    const [ssm, rds] = [new SSMClient(client), new RDSClient(client)];
    await expect(call(ssm, rds)).rejects.toMatchObject({
      name: expect.stringMatching(/^AccessDenied/) as string,
    });
    ssm.destroy();
    rds.destroy();
  });
});
