import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LocalGithub } from './local-github';

export const ROOT = path.resolve(__dirname, '../../..');

/** An empty repository gets the project's files, and settings of its own. Answers with a checkout of it. */
export function useAsTemplate(folder: string, github: LocalGithub, settings: string): string {
  const template = path.join(folder, 'template');
  mkdirSync(template);
  const left = ['.git', 'node_modules', 'drills', 'cdktf.out', '.sandbox', 'restore-drill.yaml'];
  for (const name of readdirSync(ROOT)) {
    if (!left.includes(name)) cpSync(path.join(ROOT, name), path.join(template, name), { recursive: true });
  }
  writeFileSync(path.join(template, 'restore-drill.yaml'), settings);
  const git = (...args: string[]): unknown =>
    execFileSync('git', ['-C', template, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args]);
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Use the template');
  git('push', '--quiet', github.repository, 'main');
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(template, 'node_modules'));
  return template;
}
