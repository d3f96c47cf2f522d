import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { startSandbox } from '../../sandbox/server';
import { FakeEngine } from '../sandbox/services/rds/fake-engine';
import { DrillProject } from './drill-project';

jest.setTimeout(20 * 60_000);

let project: DrillProject;
beforeEach(() => {
  project = new DrillProject();
});
afterEach(() => {
  project.remove();
});

describe('npm run preflight', () => {
  test('says what to do where Terraform is missing', async () => {
    const nothing = path.join(project.folder, 'bin');
    mkdirSync(nothing);
    project.env = { PATH: nothing };
    expect(await project.script('preflight')).toEqual({
      exitCode: 3,
      stdout: [
        'FAIL  terraform: neither terraform nor tofu is on the PATH',
        '      to do: install Terraform (https://developer.hashicorp.com/terraform/install) or OpenTofu (https://opentofu.org/docs/intro/install)',
        'pass  terraform state: in files beside the artefacts',
        '',
      ].join('\n'),
      stderr: '',
    });
  });

  test('fails for a pipeline where the state would lie on its runner', async () => {
    const { exitCode, stdout } = await project.script('preflight', '--lasting-state');
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(
      /^FAIL {2}terraform state: in files beside the artefacts, which a runner forgets.*\n {6}to do: set state[.]s3 in restore-drill[.]yaml/m,
    );
  });

  test('says what to do where a named mirror has no provider', async () => {
    const { exitCode, stdout } = await project.script('preflight', '--provider-mirror', project.folder);
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(
      /^FAIL {2}provider hashicorp\/aws: the mirror '.*' has no registry[.]\S+\/hashicorp\/aws >= 5.100.0/m,
    );
  });

  test('says what to do where AWS cannot be reached, as JSON too', async () => {
    project.env = {
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_MAX_ATTEMPTS: '1',
    };
    const { exitCode, stdout } = await project.script('preflight', '--cluster', 'trading', '--json');
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      ready: false,
      checks: expect.arrayContaining([
        expect.objectContaining({
          title: 'AWS',
          verdict: 'fail',
          finding: 'connect ECONNREFUSED 127.0.0.1:1',
        }),
      ]) as object[],
    });
  });

  test('takes an option that it does not have for wrong usage', async () => {
    expect(await project.script('preflight', '--clutser', 'trading')).toMatchObject({
      exitCode: 2,
      stdout: '',
    });
  });

  test('finds a cluster ready once its instances write the audit log, in the account that is expected', async () => {
    const sandbox = await startSandbox({
      say: () => undefined,
      settings: { accountId: '123456789012', region: 'eu-central-1' },
      openEngine: () => Promise.resolve(new FakeEngine()),
    });
    const logs = new CloudWatchLogsClient({
      endpoint: sandbox.endpointUrl,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    try {
      await sandbox.createSourceCluster({ identifier: 'trading', instances: ['trading-1', 'trading-2'] });
      project.env = sandbox.env;
      const checks = async (): Promise<Record<string, string>> => {
        const { stdout } = await project.script('preflight', '--cluster', 'trading', '--json');
        const parsed = JSON.parse(stdout) as {
          checks: { title: string; verdict: string; finding: string }[];
        };
        return Object.fromEntries(
          parsed.checks.map(({ title, verdict, finding }) => [title, `${verdict}: ${finding}`]),
        );
      };
      const logGroupName = '/aws/rds/cluster/trading/audit';
      expect(await checks()).toMatchObject({
        'log group': `fail: there is no ${logGroupName}: nothing was ever exported to it`,
      });
      await logs.send(new CreateLogGroupCommand({ logGroupName }));
      for (const logStreamName of ['trading-1', 'trading-2']) {
        await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
        const logEvents = [{ timestamp: Date.now(), message: 'x' }];
        await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
      }
      writeFileSync(path.join(project.folder, 'restore-drill.yaml'), 'account: "123456789012"\n');
      expect(await checks()).toMatchObject({
        credentials: expect.stringMatching(/^pass: .*account 123456789012/) as string,
        'log retention': `warn: ${logGroupName} never expires: who did what, and its costs, pile up`,
        'log records': expect.stringMatching(/^pass: every instance/) as string,
        'permissions to read': expect.stringMatching(/^pass: .* has all \d+$/) as string,
        'permissions to restore': expect.stringMatching(/^pass: .* has all \d+$/) as string,
      });
      writeFileSync(path.join(project.folder, 'restore-drill.yaml'), 'account: "210987654321"\n');
      expect(await checks()).toMatchObject({
        credentials: expect.stringMatching(/^fail: .*expected account 210987654321$/) as string,
      });
      writeFileSync(path.join(project.folder, 'restore-drill.yaml'), 'acount: "210987654321"\n');
      expect(await project.script('preflight')).toMatchObject({
        exitCode: 3,
        stderr: expect.stringContaining('Unrecognized key: "acount"') as string,
      });
    } finally {
      logs.destroy();
      await sandbox.close();
    }
  });
});
