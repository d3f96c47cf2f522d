import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');

/** The pages that tell people what to type. */
export const PAGES: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'sandbox/SPEC.md',
  ...readdirSync(path.join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

export interface CodeBlock {
  /** Such as `sh` or `text`; empty where the page names none. */
  readonly language: string;
  readonly text: string;
}

export function readPage(page: string): string {
  return readFileSync(path.join(ROOT, page), 'utf8');
}

/** The fenced blocks of a page, in their order. */
export function codeBlocksOf(text: string): readonly CodeBlock[] {
  return [...text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm)].map(
    ([, indent = '', language = '', body = '']) => ({
      language,
      text: body.replace(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );
}

/**
 * A folder of its own in which the project's commands run as they stand, and leave its real
 * `drills/` alone: all of the project is linked there, save what it writes.
 */
export function linkProject(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'documented-'));
  mkdirSync(path.join(ROOT, '.sandbox'), { recursive: true });
  for (const name of readdirSync(ROOT)) {
    if (!['.git', 'drills', 'cdktf.out'].includes(name))
      symlinkSync(path.join(ROOT, name), path.join(folder, name));
  }
  mkdirSync(path.join(folder, 'drills'));
  return folder;
}

/** The machine's own cloud and drill must not reach a documented command. */
export function ownEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([key]) => !key.startsWith('AWS_') && key !== 'DRILL');
  return { ...Object.fromEntries(kept), ...more };
}

export interface Typed {
  readonly exitCode: number;
  /** Both streams, as a person sees them. */
  readonly output: string;
}

/** Types lines into a shell that stops at the first one that fails. */
export function typeInto(folder: string, lines: string, env = ownEnvironment()): Promise<Typed> {
  return new Promise((resolve) => {
    const child = execFile(
      'bash',
      ['-e', '-o', 'pipefail', '-c', `exec 2>&1\n${lines}`],
      { cwd: folder, env, maxBuffer: 1 << 26 },
      (_error, stdout) => {
        resolve({ exitCode: child.exitCode ?? 1, output: stdout });
      },
    );
  });
}
