import type { CliConfiguration } from '../../../lib/terraform/cli-configuration';
import type { ProviderMirror } from '../../../lib/terraform/provider-mirrors';
import { chooseProviderSource, type ProviderFacts } from '../../../lib/terraform/provider-source';

const mirror = (directory: string, layout: ProviderMirror['layout'] = 'unpacked'): ProviderMirror => ({
  directory,
  version: '5.100.0',
  layout,
});

const nothing: ProviderFacts = {
  registry: 'registry.terraform.io',
  named: undefined,
  configuration: undefined,
  implied: [],
  registryReachable: false,
  customary: [],
};

function configuration(
  providerInstallation: CliConfiguration['providerInstallation'],
  mirrors: readonly ProviderMirror[] = [],
): Pick<ProviderFacts, 'configuration'> {
  return { configuration: { value: { file: '/home/me/.terraformrc', providerInstallation }, mirrors } };
}

const installation = { filesystemMirrors: [], networkMirrors: [], direct: false, devOverrides: false };
const everything: ProviderFacts = {
  ...nothing,
  named: { directory: '/named', mirror: mirror('/named') },
  ...configuration(null),
  implied: [mirror('/implied')],
  registryReachable: true,
  customary: [mirror('/opt/mirror')],
};

describe('chooseProviderSource', () => {
  test.each<[string, ProviderFacts, string]>([
    ['the mirror that the person named', everything, 'version 5.100.0 in /named'],
    ["the person's own configuration", { ...everything, named: undefined }, 'as /home/me/.terraformrc says'],
    [
      "Terraform's own places",
      { ...everything, named: undefined, configuration: undefined },
      'version 5.100.0 in /implied',
    ],
    [
      'the registry',
      { ...nothing, registryReachable: true, customary: [mirror('/opt/mirror')] },
      'from registry.terraform.io',
    ],
    [
      'a mirror in a customary place',
      { ...nothing, customary: [mirror('/opt/mirror')] },
      'version 5.100.0 in /opt/mirror',
    ],
  ])('prefers %s', (_, facts, expected) => {
    expect(chooseProviderSource(facts)).toMatchObject({ ok: true, value: { description: expected } });
  });

  test.each<[string, Partial<ProviderFacts>, boolean]>([
    ['without provider_installation, offline', configuration(null), false],
    ['without provider_installation, online', { ...configuration(null), registryReachable: true }, true],
    ['with a mirror that has the provider', configuration(installation, [mirror('/own')]), true],
    ['with a mirror that does not have it', configuration(installation), false],
    ['with direct, offline', configuration({ ...installation, direct: true }), false],
    [
      'with direct, online',
      { ...configuration({ ...installation, direct: true }), registryReachable: true },
      true,
    ],
    ['with a network mirror', configuration({ ...installation, networkMirrors: ['https://m/'] }), true],
    ['with dev_overrides', configuration({ ...installation, devOverrides: true }), true],
  ])('uses a configuration %s only if it can work', (_, facts, used) => {
    const source = chooseProviderSource({ ...nothing, customary: [mirror('/opt/mirror')], ...facts });
    expect(source).toMatchObject({
      ok: true,
      value: used
        ? { configuration: { file: '/home/me/.terraformrc' } }
        : { description: 'version 5.100.0 in /opt/mirror' },
    });
  });

  test('writes a configuration that takes the provider from the mirror and nothing else', () => {
    const source = chooseProviderSource({ ...nothing, customary: [mirror('/opt/my "mirror"', 'packed')] });
    if (!source.ok) throw new Error(source.refusal.message);
    expect(source.value.needsCache).toBe(true);
    expect(source.value.configuration).toMatchInlineSnapshot(`
     {
       "text": "disable_checkpoint = true
     provider_installation {
       filesystem_mirror {
         path    = "/opt/my \\"mirror\\""
         include = ["registry.terraform.io/hashicorp/aws"]
       }
       direct {
         exclude = ["registry.terraform.io/hashicorp/aws"]
       }
     }
     ",
     }
    `);
  });

  test.each([
    ['no-provider', nothing],
    ['no-provider-in-mirror', { ...everything, named: { directory: '/named', mirror: undefined } }],
  ])('refuses %s', (reason, facts) => {
    expect(chooseProviderSource(facts)).toMatchObject({ ok: false, refusal: { reason } });
  });
});
