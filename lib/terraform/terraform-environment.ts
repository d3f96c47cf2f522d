import { mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeWhole } from '../artefact-files';
import { accept, type Outcome } from '../errors';
import { readCliConfiguration } from './cli-configuration';
import {
  customaryMirrorDirectories,
  impliedMirrorDirectories,
  readProviderMirror,
  registryHost,
  type ProviderMirror,
} from './provider-mirrors';
import { chooseProviderSource, type ProviderRefusal, type ProviderSource } from './provider-source';
import { isRegistryReachable } from './registry';
import { findTerraform, type TerraformBinary, type TerraformBinaryRefusal } from './terraform-binary';

/** Terraform as this machine has it, and what our own calls of it and of cdktf need in their environment. */
export interface TerraformSetup {
  readonly binary: TerraformBinary;
  readonly provider: ProviderSource;
  /** What a person's shell must export so that `npx cdktf` works here. */
  readonly shellEnvironment: Readonly<Record<string, string>>;
  /** The same and what keeps the output of our own calls plain; to be added to the caller's environment. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface TerraformSetupOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Where the CLI configuration and a provider cache are written; made if missing. */
  readonly directory: string;
  /** A provider mirror's folder; default: the environment variable TF_PROVIDER_MIRROR. */
  readonly providerMirror?: string | undefined;
}

/** Working files of ours; ignored by git like Terraform's own of that name. */
export const TERRAFORM_DIRECTORY = '.terraform';

/**
 * Finds Terraform and where hashicorp/aws will come from, and writes the CLI configuration for it.
 * What the machine's own configuration says stays untouched.
 */
export async function setUpTerraform(
  options: TerraformSetupOptions,
): Promise<Outcome<TerraformSetup, TerraformBinaryRefusal | ProviderRefusal>> {
  const binary = await findTerraform(options.env);
  if (!binary.ok) return binary;
  return setUpProvider(binary.value, options);
}

/** The same for a Terraform that was found already. */
export async function setUpProvider(
  binary: TerraformBinary,
  options: TerraformSetupOptions,
): Promise<Outcome<TerraformSetup, ProviderRefusal>> {
  const provider = await findProvider(binary, options);
  if (!provider.ok) return provider;
  const shellEnvironment = writeEnvironment(binary, provider.value, path.resolve(options.directory));
  return accept({
    binary,
    provider: provider.value,
    shellEnvironment,
    // cdktf redraws the screen, even off a terminal, unless it takes itself for a pipeline
    environment: { ...shellEnvironment, CI: '1', TF_IN_AUTOMATION: '1' },
  });
}

async function findProvider(
  binary: TerraformBinary,
  { env, providerMirror }: Pick<TerraformSetupOptions, 'env' | 'providerMirror'>,
): Promise<Outcome<ProviderSource, ProviderRefusal>> {
  const home = env['HOME'] ?? os.homedir();
  const registry = registryHost(binary.command);
  const mirrors = (directories: readonly string[]): ProviderMirror[] =>
    directories.flatMap((directory) => readProviderMirror(directory, binary) ?? []);
  const named = providerMirror ?? env['TF_PROVIDER_MIRROR'] ?? '';
  const configuration = readCliConfiguration(env, home);
  return chooseProviderSource({
    registry,
    named:
      named === ''
        ? undefined
        : { directory: named, mirror: readProviderMirror(path.resolve(named), binary) },
    configuration: configuration && {
      value: configuration,
      mirrors: mirrors(configuration.providerInstallation?.filesystemMirrors ?? []),
    },
    implied: mirrors(impliedMirrorDirectories(home)),
    registryReachable: named === '' && (await isRegistryReachable(registry, env)),
    customary: mirrors(customaryMirrorDirectories()),
  });
}

function writeEnvironment(
  binary: TerraformBinary,
  provider: ProviderSource,
  directory: string,
): Record<string, string> {
  const cache = path.join(directory, 'plugin-cache');
  if (provider.needsCache) mkdirSync(cache, { recursive: true });
  return {
    ...(binary.command === 'terraform' ? {} : { TERRAFORM_BINARY_NAME: binary.command }),
    TF_CLI_CONFIG_FILE: configurationFile(provider, directory),
    ...(provider.needsCache
      ? // without the second one Terraform passes the cache over where a stack has no lock file yet
        { TF_PLUGIN_CACHE_DIR: cache, TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: '1' }
      : {}),
    CHECKPOINT_DISABLE: '1',
    // cdktf: no `terraform providers lock`, which ignores mirrors, and no cache in the home
    CDKTF_SKIP_PROVIDER_LOCK: 'true',
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: '1',
  };
}

function configurationFile({ configuration }: ProviderSource, directory: string): string {
  if ('file' in configuration) return configuration.file;
  const file = path.join(directory, 'cli.tfrc');
  writeWhole(file, configuration.text);
  return file;
}
