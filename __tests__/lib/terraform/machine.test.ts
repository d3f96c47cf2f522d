import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { readProviderMirror } from '../../../lib/terraform/provider-mirrors';
import { isRegistryReachable } from '../../../lib/terraform/registry';
import { findTerraform } from '../../../lib/terraform/terraform-binary';
import { setUpTerraform } from '../../../lib/terraform/terraform-environment';
import { readManagedResources } from '../../../lib/terraform/terraform-state';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'terraform-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function put(file: string, text = ''): string {
  const whole = path.join(folder, file);
  mkdirSync(path.dirname(whole), { recursive: true });
  writeFileSync(whole, text);
  return whole;
}

/** A command that answers `version -json`, and says in what environment it was asked. */
function fakeTerraform(name: string, version: string): void {
  const answer = JSON.stringify({ terraform_version: version, platform: 'linux_amd64' });
  chmodSync(
    put(`bin/${name}`, `#!/bin/sh\n[ -z "$TF_CLI_CONFIG_FILE" ] || exit 1\necho '${answer}'\n`),
    0o755,
  );
}

function emptyMachine(): NodeJS.ProcessEnv {
  return { PATH: path.join(folder, 'bin'), HOME: folder, TF_CLI_CONFIG_FILE: path.join(folder, 'missing') };
}

describe('findTerraform', () => {
  test.each([
    ['terraform before tofu', ['terraform', 'tofu'], {}, { ok: true, value: { command: 'terraform' } }],
    ['tofu alone', ['tofu'], {}, { ok: true, value: { command: 'tofu' } }],
    [
      'the one that TERRAFORM_BINARY_NAME names',
      ['terraform', 'tofu'],
      { TERRAFORM_BINARY_NAME: 'tofu' },
      { ok: true, value: { command: 'tofu', version: '1.9.0', platform: 'linux_amd64' } },
    ],
    ['none', [], {}, { ok: false, refusal: { reason: 'no-terraform' } }],
    [
      'none of the name in TERRAFORM_BINARY_NAME',
      ['terraform'],
      { TERRAFORM_BINARY_NAME: 'terraform-next' },
      { ok: false, refusal: { message: "'terraform-next' (TERRAFORM_BINARY_NAME) cannot be run" } },
    ],
  ])('finds %s, whatever the CLI configuration', async (_, commands, env, expected) => {
    for (const command of commands) fakeTerraform(command, '1.9.0');
    expect(await findTerraform({ ...emptyMachine(), ...env })).toMatchObject(expected);
  });

  test('refuses one that is too old', async () => {
    fakeTerraform('terraform', '1.4.7');
    expect(await findTerraform(emptyMachine())).toMatchObject({
      ok: false,
      refusal: {
        reason: 'terraform-too-old',
        message: 'terraform is version 1.4.7, expected >= 1.5.0, < 2.0.0',
      },
    });
  });
});

describe('readProviderMirror', () => {
  const terraform = { command: 'terraform', platform: 'linux_amd64' };
  const aws = 'registry.terraform.io/hashicorp/aws';

  test.each([
    [
      'the newest that fits',
      [
        `${aws}/5.9.0/linux_amd64/terraform-provider-aws_v5.9.0_x5`,
        `${aws}/5.100.0/linux_amd64/terraform-provider-aws_v5.100.0_x5`,
        `${aws}/7.0.0/linux_amd64/terraform-provider-aws_v7.0.0_x5`,
      ],
      { version: '5.100.0', layout: 'unpacked' },
    ],
    [
      'a packed one',
      [`${aws}/terraform-provider-aws_6.25.0_linux_amd64.zip`, `${aws}/index.json`],
      { version: '6.25.0', layout: 'packed' },
    ],
    [
      'the unpacked one of two',
      [
        `${aws}/terraform-provider-aws_6.0.0_linux_amd64.zip`,
        `${aws}/6.0.0/linux_amd64/terraform-provider-aws_v6.0.0_x5`,
      ],
      { version: '6.0.0', layout: 'unpacked' },
    ],
    ['none for another platform', [`${aws}/6.0.0/darwin_arm64/terraform-provider-aws_v6.0.0_x5`], undefined],
    [
      'none of another registry',
      ['registry.opentofu.org/hashicorp/aws/6.0.0/linux_amd64/terraform-provider-aws'],
      undefined,
    ],
    ['none in an empty folder', [`${aws}/6.0.0/linux_amd64/LICENSE.txt`], undefined],
  ])('finds %s', (_, files, expected) => {
    for (const file of files) put(file);
    const found = readProviderMirror(folder, terraform);
    expect(found).toEqual(expected && { directory: folder, ...expected });
  });
});

describe('setUpTerraform', () => {
  test('writes a configuration for the mirror that was named, and the environment to use it', async () => {
    fakeTerraform('tofu', '1.9.0');
    put('mirror/registry.opentofu.org/hashicorp/aws/terraform-provider-aws_6.0.0_linux_amd64.zip');
    const setup = await setUpTerraform({
      env: { ...emptyMachine(), TF_PROVIDER_MIRROR: path.join(folder, 'mirror') },
      directory: path.join(folder, 'work'),
    });
    if (!setup.ok) throw new Error(setup.refusal.message);
    const file = path.join(folder, 'work', 'cli.tfrc');
    expect(setup.value.environment).toEqual({
      TERRAFORM_BINARY_NAME: 'tofu',
      TF_CLI_CONFIG_FILE: file,
      TF_PLUGIN_CACHE_DIR: path.join(folder, 'work', 'plugin-cache'),
      TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: '1',
      CHECKPOINT_DISABLE: '1',
      CDKTF_SKIP_PROVIDER_LOCK: 'true',
      CDKTF_DISABLE_PLUGIN_CACHE_ENV: '1',
      CI: '1',
      TF_IN_AUTOMATION: '1',
    });
    expect(setup.value.shellEnvironment).not.toHaveProperty('CI');
    expect(readFileSync(file, 'utf8')).toContain(`path    = "${path.join(folder, 'mirror')}"`);
  });

  test("leaves the person's own configuration where it is, if it works", async () => {
    fakeTerraform('terraform', '1.11.4');
    put('own/registry.terraform.io/hashicorp/aws/6.0.0/linux_amd64/terraform-provider-aws_v6.0.0_x5');
    const own = put(
      '.terraformrc',
      `provider_installation {\n filesystem_mirror {\n path = "${folder}/own"\n }\n}\n`,
    );
    const setup = await setUpTerraform({
      env: { ...emptyMachine(), TF_CLI_CONFIG_FILE: '' },
      directory: path.join(folder, 'work'),
    });
    expect(setup).toMatchObject({
      ok: true,
      value: { provider: { kind: 'configuration' }, environment: { TF_CLI_CONFIG_FILE: own } },
    });
  });
});

describe('isRegistryReachable', () => {
  test.each([
    ['200 Connection Established', true],
    ['403 Forbidden', false],
  ])('takes the answer of the proxy: %s', async (status, expected) => {
    const asked: string[] = [];
    const proxy = http.createServer().on('connect', (request, socket) => {
      asked.push(`${request.url ?? ''} ${request.headers['proxy-authorization'] ?? ''}`);
      socket.end(`HTTP/1.1 ${status}\r\n\r\n`);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    try {
      const env = { HTTPS_PROXY: `http://me:s%40cret@127.0.0.1:${port}` };
      expect(await isRegistryReachable('registry.example.com', env)).toBe(expected);
      expect(asked).toEqual([
        `registry.example.com:443 Basic ${Buffer.from('me:s@cret').toString('base64')}`,
      ]);
    } finally {
      await new Promise((resolve) => proxy.close(resolve));
    }
  });

  test('takes a name that does not resolve for unreachable', async () => {
    expect(await isRegistryReachable('registry.invalid', {})).toBe(false);
  });
});

describe('readManagedResources', () => {
  test('takes a missing state for one without resources', () => {
    expect(readManagedResources(path.join(folder, 'restore.tfstate'))).toEqual([]);
  });

  test('reads what Terraform manages, and leaves data sources out', () => {
    const instances = [{ attributes: { cluster_identifier: 'trading-d' } }];
    const state = put(
      'restore.tfstate',
      JSON.stringify({
        version: 4,
        terraform_version: '1.11.4',
        resources: [
          { mode: 'data', type: 'aws_rds_cluster', name: 'source', instances },
          { mode: 'managed', type: 'aws_rds_cluster', name: 'cluster', instances },
        ],
      }),
    );
    expect(readManagedResources(state)).toEqual([
      { type: 'aws_rds_cluster', name: 'cluster', attributes: { cluster_identifier: 'trading-d' } },
    ]);
  });

  test('refuses a state that it does not know', () => {
    expect(() => readManagedResources(put('x.tfstate', '{"version":3}'))).toThrow('expected 4');
  });
});
