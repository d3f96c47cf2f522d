import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A person's Terraform CLI configuration, as far as it says where providers come from. */
export interface CliConfiguration {
  readonly file: string;
  /** Null where it leaves providers to Terraform's defaults. */
  readonly providerInstallation: {
    readonly filesystemMirrors: readonly string[];
    readonly networkMirrors: readonly string[];
    readonly direct: boolean;
    readonly devOverrides: boolean;
  } | null;
}

/**
 * Reads the CLI configuration that Terraform would: the file that TF_CLI_CONFIG_FILE names, or
 * `.terraformrc` (`.tofurc`) in the home. Undefined where there is none, also where
 * TF_CLI_CONFIG_FILE names a file that is not there: Terraform only warns of that.
 */
export function readCliConfiguration(env: NodeJS.ProcessEnv, home: string): CliConfiguration | undefined {
  const named = env['TF_CLI_CONFIG_FILE'] ?? '';
  const candidates =
    named === '' ? ['.tofurc', '.terraformrc'].map((name) => path.join(home, name)) : [named];
  for (const file of candidates) {
    const text = readText(file);
    if (text !== undefined) return { file, providerInstallation: parseProviderInstallation(text) };
  }
  return undefined;
}

/** Include and exclude patterns are not evaluated: `terraform init` has the last word. */
export function parseProviderInstallation(text: string): CliConfiguration['providerInstallation'] {
  // strings first: a pattern such as "registry.terraform.io/*/*" is no comment
  const plain = text.replace(
    /("(?:[^"\\\n]|\\.)*")|\/\*[^]*?\*\/|(?:#|\/\/).*$/gm,
    (_, quoted?: string) => quoted ?? '',
  );
  const start = /^\s*provider_installation\s*\{/m.exec(plain);
  if (start === null) return null;
  const body = balanced(plain.slice(start.index + start[0].length));
  const values = (block: string, attribute: string): string[] =>
    [...body.matchAll(new RegExp(`\\b${block}\\s*\\{[^}]*?\\b${attribute}\\s*=\\s*"([^"]*)"`, 'g'))].flatMap(
      ([, value]) => value ?? [],
    );
  return {
    filesystemMirrors: values('filesystem_mirror', 'path'),
    networkMirrors: values('network_mirror', 'url'),
    direct: /\bdirect\s*\{/.test(body),
    devOverrides: /\bdev_overrides\s*\{/.test(body),
  };
}

/** The text up to the brace that closes the one before it. */
function balanced(text: string): string {
  let depth = 1;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '{') depth++;
    if (text[i] === '}' && --depth === 0) return text.slice(0, i);
  }
  return text;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
