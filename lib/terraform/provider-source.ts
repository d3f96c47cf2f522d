import { accept, refuse, type Outcome, type Refusal } from '../errors';
import type { CliConfiguration } from './cli-configuration';
import type { ProviderMirror } from './provider-mirrors';
import { AWS_PROVIDER_VERSIONS, versionConstraint } from './versions';

/** What is known about where hashicorp/aws could come from. */
export interface ProviderFacts {
  /** `registry.terraform.io`, or OpenTofu's. */
  readonly registry: string;
  /** The mirror that the person named, by --provider-mirror or TF_PROVIDER_MIRROR; undefined where none was named. */
  readonly named: { readonly directory: string; readonly mirror: ProviderMirror | undefined } | undefined;
  readonly configuration:
    { readonly value: CliConfiguration; readonly mirrors: readonly ProviderMirror[] } | undefined;
  readonly implied: readonly ProviderMirror[];
  readonly registryReachable: boolean;
  readonly customary: readonly ProviderMirror[];
}

/** Where the provider will come from, and the CLI configuration that sees to it. */
export interface ProviderSource {
  readonly kind: 'configuration' | 'mirror' | 'registry';
  /** For a person to read. */
  readonly description: string;
  /** The text of a CLI configuration to write, or the person's own file. */
  readonly configuration: { readonly text: string } | { readonly file: string };
  /** Whether each init would download or unpack some 600 MB, so that a cache pays. */
  readonly needsCache: boolean;
}

export type ProviderRefusal = Refusal<'no-provider' | 'no-provider-in-mirror'>;

/**
 * Chooses in this order: what the person named, the person's own CLI configuration where it can
 * work, the folders that Terraform itself looks into first, the registry, a mirror in a customary place.
 */
export function chooseProviderSource(facts: ProviderFacts): Outcome<ProviderSource, ProviderRefusal> {
  const { named, configuration, registry } = facts;
  if (named !== undefined) {
    return named.mirror === undefined
      ? refuseMirror(named.directory, registry)
      : accept(useMirror(named.mirror, registry));
  }
  if (configuration !== undefined && canWork(facts)) {
    return accept({
      kind: 'configuration',
      description: `as ${configuration.value.file} says`,
      configuration: { file: configuration.value.file },
      needsCache: false,
    });
  }
  const [implied] = facts.implied;
  if (implied !== undefined) return accept(useMirror(implied, registry));
  if (facts.registryReachable) {
    return accept({
      kind: 'registry',
      description: `from ${registry}`,
      configuration: { text: 'disable_checkpoint = true\n' },
      needsCache: true,
    });
  }
  const [customary] = facts.customary;
  if (customary !== undefined) return accept(useMirror(customary, registry));
  return refuse({
    reason: 'no-provider',
    message: `hashicorp/aws ${versionConstraint(AWS_PROVIDER_VERSIONS)} cannot be had: ${registry} does not answer, and no local mirror has it`,
    hint: "on a machine with a network, run 'terraform providers mirror DIRECTORY' in a synthesized stack; copy DIRECTORY here and name it in TF_PROVIDER_MIRROR",
  });
}

/** A configuration that leaves providers to Terraform's defaults works wherever those do. */
function canWork({ configuration, implied, registryReachable }: ProviderFacts): boolean {
  const installation = configuration?.value.providerInstallation;
  if (configuration === undefined || installation === undefined) return false;
  if (installation === null) return implied.length > 0 || registryReachable;
  return (
    configuration.mirrors.length > 0 ||
    installation.networkMirrors.length > 0 ||
    installation.devOverrides ||
    (installation.direct && registryReachable)
  );
}

function useMirror(mirror: ProviderMirror, registry: string): ProviderSource {
  const address = JSON.stringify(`${registry}/hashicorp/aws`);
  return {
    kind: 'mirror',
    description: `version ${mirror.version} in ${mirror.directory}`,
    configuration: {
      text: [
        'disable_checkpoint = true',
        'provider_installation {',
        '  filesystem_mirror {',
        `    path    = ${JSON.stringify(mirror.directory)}`,
        `    include = [${address}]`,
        '  }',
        '  direct {',
        `    exclude = [${address}]`,
        '  }',
        '}',
        '',
      ].join('\n'),
    },
    needsCache: mirror.layout === 'packed',
  };
}

function refuseMirror(
  directory: string,
  registry: string,
): { readonly ok: false; readonly refusal: ProviderRefusal } {
  return refuse({
    reason: 'no-provider-in-mirror',
    message: `the mirror '${directory}' has no ${registry}/hashicorp/aws ${versionConstraint(AWS_PROVIDER_VERSIONS)} for this platform`,
    hint: `name the folder that holds '${registry}', as 'terraform providers mirror' made it`,
  });
}
