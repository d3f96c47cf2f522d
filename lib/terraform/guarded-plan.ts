import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../artefact-files';
import { accept, refuse, type Outcome, type Refusal } from '../errors';
import { guardCommand, type Subject } from './commands';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const recordSchema = z.strictObject({
  schemaVersion: z.literal(2),
  drill: z.string(),
  stack: z.enum(['restore', 'repoint']),
  destroy: z.boolean(),
  guardedAt: z.string(),
  /** Where the stack was synthesized: Terraform applies from there. */
  stackDirectory: z.string(),
  /** Identifiers of the clusters and instances that the apply makes. */
  creates: z.strictObject({ clusters: z.array(z.string()), instances: z.array(z.string()) }),
  /** Of Terraform's plan file. */
  planSha256: sha256,
  /** Of each artefact that was approved. */
  approved: z.record(z.string(), sha256),
  /** Of what was synthesized and of the provider's lock file, by name. */
  stackFiles: z.record(z.string(), sha256),
});

/** What the guard has let pass: Terraform's plan in a file, and what it was made from. */
export type GuardedPlan = z.infer<typeof recordSchema>;

export type GuardedPlanRefusal = Refusal<'no-guarded-plan' | 'changed-guarded-plan' | 'stale-guarded-plan'>;

const STACK_FILES = ['cdk.tf.json', '.terraform.lock.hcl'];

/**
 * Where the guard keeps the plans of a drill: ignored by git, and of nobody but their owner, since a
 * plan of Terraform's can hold secrets.
 */
export function guardedPlanFile(drillDirectory: string, { stack, destroy }: Subject): string {
  return path.join(drillDirectory, '.terraform', 'guarded', `${stack}${destroy ? '-destroy' : ''}.tfplan`);
}

/** Forgets what the guard let pass before, and makes the place for what it lets pass now. */
export function makePlaceForPlan(planFile: string): void {
  forgetGuardedPlan(planFile);
  mkdirSync(path.dirname(planFile), { recursive: true, mode: 0o700 });
}

export function forgetGuardedPlan(planFile: string): void {
  for (const file of [planFile, recordFile(planFile)]) rmSync(file, { force: true });
}

/** Keeps the plan that Terraform wrote to `planFile` as one that may be applied. */
export function keepGuardedPlan(
  planFile: string,
  found: Omit<GuardedPlan, 'schemaVersion' | 'planSha256' | 'stackFiles'>,
): void {
  chmodSync(planFile, 0o600);
  const record: GuardedPlan = {
    schemaVersion: 2,
    ...found,
    planSha256: sha256OfFile(planFile),
    stackFiles: sha256OfStack(found.stackDirectory),
  };
  writeWhole(recordFile(planFile), `${JSON.stringify(record, null, 2)}\n`, 0o600);
}

/**
 * The plan that the guard let pass, as it was then. `approved` are the SHA-256 of the artefacts as
 * they are now. Refuses one that is missing, of something else, changed, or made from other files.
 */
export function readGuardedPlan(
  planFile: string,
  subject: Subject,
  approved: Readonly<Record<string, string>>,
): Outcome<GuardedPlan, GuardedPlanRefusal> {
  const hint = `let the guard look again: ${guardCommand(subject)}`;
  const what = `stack '${subject.stack}' of drill '${subject.drill}'`;
  if (!existsSync(planFile) || !existsSync(recordFile(planFile))) {
    const message = `the guard has let no plan of ${subject.destroy ? 'a destroy of ' : ''}${what} pass`;
    return refuse({ reason: 'no-guarded-plan', message, hint });
  }
  const changed = (message: string): Outcome<never, GuardedPlanRefusal> =>
    refuse({ reason: 'changed-guarded-plan', message, hint });
  const record = parseRecord(readFileSync(recordFile(planFile), 'utf8'));
  if (record === undefined) return changed(`${recordFile(planFile)} is not what the guard wrote`);
  const { drill, stack, destroy } = record;
  if (drill !== subject.drill || stack !== subject.stack || destroy !== subject.destroy) {
    return changed(`the plan that the guard kept for ${what} is one of stack '${stack}' of drill '${drill}'`);
  }
  if (sha256OfFile(planFile) !== record.planSha256) {
    return changed(`${planFile} was changed after the guard let it pass`);
  }
  const [stale] = [
    ...differing(record.approved, approved),
    ...differing(record.stackFiles, sha256OfStack(record.stackDirectory)),
  ];
  if (stale === undefined) return accept(record);
  return refuse({
    reason: 'stale-guarded-plan',
    message: `the guard let ${what} pass at ${record.guardedAt}, but ${stale} is another one now`,
    hint,
  });
}

function recordFile(planFile: string): string {
  return planFile.replace(/[.]tfplan$/, '.json');
}

function parseRecord(text: string): GuardedPlan | undefined {
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function differing(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].filter((name) => before[name] !== now[name]);
}

function sha256OfStack(stackDirectory: string): Record<string, string> {
  const files = STACK_FILES.map((name) => [name, path.join(stackDirectory, name)] as const);
  return Object.fromEntries(
    files.flatMap(([name, file]) => (existsSync(file) ? [[name, sha256OfFile(file)]] : [])),
  );
}

function sha256OfFile(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
