import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DrillProject } from './drill-project';

jest.setTimeout(60_000);

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
        '',
      ].join('\n'),
      stderr: '',
    });
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
});
