import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { TerraformBinary } from './terraform-binary';
import { AWS_PROVIDER_VERSIONS, compareVersions, isInRange } from './versions';

/** A folder laid out as Terraform's `filesystem_mirror`, with a hashicorp/aws that fits. */
export interface ProviderMirror {
  readonly directory: string;
  /** The newest in range for this platform. */
  readonly version: string;
  /** Unpacked ones are linked to, packed ones (zip) are unpacked at every init. */
  readonly layout: 'packed' | 'unpacked';
}

/**
 * Looks into one folder for `<registry>/hashicorp/aws` in range, in either layout:
 * `5.100.0/linux_amd64/` or `terraform-provider-aws_5.100.0_linux_amd64.zip`.
 * https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror
 */
export function readProviderMirror(
  directory: string,
  { command, platform }: Pick<TerraformBinary, 'command' | 'platform'>,
): ProviderMirror | undefined {
  const packages = path.join(directory, registryHost(command), 'hashicorp', 'aws');
  const zip = new RegExp(`^terraform-provider-aws_(.+)_${platform}[.]zip$`);
  const found = list(packages).flatMap((entry): ProviderMirror[] => {
    const packed = zip.exec(entry)?.[1];
    if (packed !== undefined) return [{ directory, version: packed, layout: 'packed' }];
    const unpacked = list(path.join(packages, entry, platform)).some((file) =>
      file.startsWith('terraform-provider-aws'),
    );
    return unpacked ? [{ directory, version: entry, layout: 'unpacked' }] : [];
  });
  return found
    .filter(({ version }) => isInRange(version, AWS_PROVIDER_VERSIONS))
    .sort((a, b) => compareVersions(b.version, a.version) || (a.layout === 'unpacked' ? -1 : 1))[0];
}

/** Where Terraform itself looks before it asks the registry. */
export function impliedMirrorDirectories(home: string): string[] {
  return [
    path.join(home, '.terraform.d/plugins'),
    path.join(home, '.local/share/terraform/plugins'),
    '/usr/local/share/terraform/plugins',
    '/usr/share/terraform/plugins',
  ];
}

/** Where machines without a network are known to keep providers, `/opt/<any>/registry.terraform.io` among them. */
export function customaryMirrorDirectories(): string[] {
  return [
    '/usr/share/terraform/providers',
    '/usr/local/share/terraform/providers',
    ...list('/opt').map((entry) => path.join('/opt', entry)),
  ];
}

/** The registry that a provider's short name means: OpenTofu has its own. */
export function registryHost(command: string): string {
  return path.basename(command).startsWith('tofu') ? 'registry.opentofu.org' : 'registry.terraform.io';
}

/** Nothing for a folder that is not there or not ours to read. */
function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
