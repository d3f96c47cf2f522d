import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseProviderInstallation, readCliConfiguration } from '../../../lib/terraform/cli-configuration';

describe('parseProviderInstallation', () => {
  test('reads mirrors and methods', () => {
    const text = `
      # filesystem_mirror { path = "/commented" }
      plugin_cache_dir = "/cache"
      provider_installation {
        filesystem_mirror {
          include = ["registry.terraform.io/*/*"]
          path    = "/usr/share/terraform/providers"
        }
        network_mirror { url = "https://mirror.example.com/" }
        direct {
          exclude = ["example.com/*/*"]
        }
      }
      credentials "app.terraform.io" { token = "x" }
    `;
    expect(parseProviderInstallation(text)).toEqual({
      filesystemMirrors: ['/usr/share/terraform/providers'],
      networkMirrors: ['https://mirror.example.com/'],
      direct: true,
      devOverrides: false,
    });
  });

  test.each(['', 'plugin_cache_dir = "/cache"', '/* provider_installation {\n direct {}\n} */'])(
    'finds nothing said in %j',
    (text) => {
      expect(parseProviderInstallation(text)).toBeNull();
    },
  );

  test('looks no further than the block', () => {
    expect(parseProviderInstallation('provider_installation {\n}\ndirect {\n}')).toMatchObject({
      direct: false,
    });
  });
});

describe('readCliConfiguration', () => {
  const home = mkdtempSync(path.join(os.tmpdir(), 'cli-configuration-'));
  const file = path.join(home, '.terraformrc');
  beforeAll(() => {
    writeFileSync(file, 'plugin_cache_dir = "/cache"\n');
  });
  afterAll(() => {
    rmSync(home, { recursive: true });
  });

  test.each([
    ['the file in the home', {}, file],
    ['the file that TF_CLI_CONFIG_FILE names', { TF_CLI_CONFIG_FILE: file }, file],
    ['nothing where that file is missing', { TF_CLI_CONFIG_FILE: `${file}.missing` }, undefined],
  ])('reads %s', (_, env, expected) => {
    expect(readCliConfiguration(env, home)?.file).toBe(expected);
  });
});
