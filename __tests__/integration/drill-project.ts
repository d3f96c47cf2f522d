import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  ARTEFACTS,
  renderArtefact,
  sha256Of,
  type Artefact,
  type ArtefactKind,
} from '../../lib/artefacts/artefact';

const ROOT = path.join(__dirname, '../..');
const TSX = ['--import', require.resolve('tsx')];

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of its own with one drill in it, where the project's real programs run, against `env` and nothing else of AWS. */
export class DrillProject {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'drill-project-'));
  env: Readonly<Record<string, string>> = {};

  constructor(readonly drill = 'd') {
    mkdirSync(this.path());
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  /** A path inside `drills/<id>`. */
  path(...parts: string[]): string {
    if (parts.length === 0) mkdirSync(path.join(this.folder, 'drills'), { recursive: true });
    return path.join(this.folder, 'drills', this.drill, ...parts);
  }

  /** Writes an artefact as its step would, and answers with its SHA-256. */
  write<K extends ArtefactKind>(kind: K, body: Omit<Artefact<K>, 'schemaVersion'>): string {
    const text = renderArtefact({ schemaVersion: ARTEFACTS[kind].version, ...body });
    writeFileSync(this.path(ARTEFACTS[kind].file), text);
    return sha256Of(text);
  }

  /** What a step has written, such as `fence.json`, as it stands in the file. */
  read<K extends ArtefactKind>(kind: K): Artefact<K> {
    return JSON.parse(readFileSync(this.path(ARTEFACTS[kind].file), 'utf8')) as Artefact<K>;
  }

  sha256(file: string): string {
    return sha256Of(readFileSync(this.path(file), 'utf8'));
  }

  synthesize(env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return this.run(process.execPath, [...TSX, path.join(ROOT, 'main.ts')], env);
  }

  /** Runs `scripts/<name>.ts`. */
  script(name: string, ...args: string[]): Promise<Ended> {
    return this.run(process.execPath, [...TSX, path.join(ROOT, 'scripts', `${name}.ts`), ...args]);
  }

  stackDirectory(stack: string): string {
    return path.join(this.folder, 'cdktf.out/stacks', stack);
  }

  /** Puts a stack's configuration in place without a synthesis. */
  writeStack(stack: string, configuration: string): void {
    mkdirSync(this.stackDirectory(stack), { recursive: true });
    writeFileSync(path.join(this.stackDirectory(stack), 'cdk.tf.json'), configuration);
  }

  terraform(stack: string, ...args: string[]): Promise<Ended> {
    return this.terraformIn(this.stackDirectory(stack), ...args);
  }

  terraformIn(folder: string, ...args: string[]): Promise<Ended> {
    return this.run('terraform', [`-chdir=${folder}`, ...args, '-no-color']);
  }

  private run(
    file: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Ended> {
    return new Promise((resolve) => {
      execFile(
        file,
        args,
        { cwd: this.folder, env: { ...withoutAws(process.env), ...this.env, ...env }, maxBuffer: 1 << 26 },
        (error, stdout, stderr) => {
          const code = error === null ? 0 : error.code;
          resolve({ exitCode: typeof code === 'number' ? code : 1, stdout, stderr });
        },
      );
    });
  }
}

/** What tests with real Terraform need exported, by the command that a person would use; undefined where it cannot be had. */
export function terraformEnvironment(folder: string): Record<string, string> | undefined {
  const script = path.join(ROOT, 'scripts/preflight.ts');
  const { status, stdout } = spawnSync(process.execPath, [...TSX, script, '--print-env'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) return undefined;
  return Object.fromEntries(
    [...stdout.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

/** The machine's own AWS configuration must not reach a test. */
function withoutAws(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([key]) => !key.startsWith('AWS_') && key !== 'DRILL' && key !== 'TF_CLI_CONFIG_FILE',
    ),
  );
}
