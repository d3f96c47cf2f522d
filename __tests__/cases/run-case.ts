import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openLogSource } from '../../lib/audit/open-log-source';
import { resolveIncident } from '../../lib/incident/resolve-incident';
import { resolveOptionsSchema } from '../../lib/incident/resolve-options';
import { microsFromMillis } from '../../lib/time';
import { resolveCommand } from '../../scripts/resolve/command';

export const CASES = __dirname;

export interface Case {
  readonly args: readonly string[];
  /** What the answer must hold; what it holds besides is free. */
  readonly expected: object;
  readonly logFiles: readonly string[];
}

export function readCase(folder: string): Case {
  const argsFile = path.join(folder, 'args.json');
  return {
    args: existsSync(argsFile) ? (JSON.parse(readFileSync(argsFile, 'utf8')) as string[]) : [],
    expected: JSON.parse(readFileSync(path.join(folder, 'expected.json'), 'utf8')) as object,
    logFiles: readdirSync(folder)
      .filter((name) => /[.]log([.]gz)?$/.test(name))
      .map((name) => path.join(folder, name)),
  };
}

/** What `resolve` answers with --json, without a process of its own. */
export async function resolveCase(args: readonly string[], now: () => number = Date.now): Promise<object> {
  const command = resolveCommand().action(() => undefined);
  command.parse(['--cluster', 'trading', ...args], { from: 'user' });
  const options = resolveOptionsSchema(microsFromMillis(now())).parse(command.opts());
  const source = await openLogSource({
    ...options,
    signal: new AbortController().signal,
    now,
    approve: () => Promise.resolve(true),
    scanned: () => undefined,
  });
  if (!source.ok) return { refused: source.refusal };
  const outcome = await resolveIncident(source.value, options, {
    tell: () => undefined,
    pause: () => sleep(200),
  });
  return outcome.ok ? outcome.value : { refused: outcome.refusal };
}
