import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { messageOf, RefusalError } from '../errors';
import type { TerraformSetup } from './terraform-environment';

/** What an apply would do to one resource or output. */
export interface PlannedChange {
  /** As Terraform writes it, such as `aws_rds_cluster.cluster`, or `output.endpoint`. */
  readonly address: string;
  /** `create`, `update`, `delete`; both of the last and first for a replacement. */
  readonly actions: readonly string[];
}

export interface TerraformRun {
  readonly setup: Pick<TerraformSetup, 'binary' | 'environment'>;
  readonly env: NodeJS.ProcessEnv;
  /** Where cdktf synthesized the stack: `cdktf.out/stacks/<stack>`. */
  readonly stackDirectory: string;
  readonly signal: AbortSignal;
}

/** How long a plan or an apply waits for another one of the same stack to end. */
export const LOCK_TIMEOUT = '-lock-timeout=60s';

const exec = promisify(execFile);
const change = z.object({ actions: z.array(z.string()) });
const planSchema = z.object({
  resource_changes: z.array(z.object({ address: z.string(), change })).default([]),
  output_changes: z.record(z.string(), change).default({}),
});

/**
 * What Terraform would still change in a stack that is initialized: after an apply, nothing. What
 * changed in AWS behind Terraform's back shows here too, as far as the configuration says otherwise.
 * @throws Error with Terraform's own words where it cannot plan
 */
export async function fetchPlannedChanges(run: TerraformRun): Promise<PlannedChange[]> {
  const plan = planSchema.parse(JSON.parse(await fetchPlanJson(run)));
  return [
    ...plan.resource_changes.map(({ address, change: { actions } }) => ({ address, actions })),
    ...Object.entries(plan.output_changes).map(([name, { actions }]) => ({
      address: `output.${name}`,
      actions,
    })),
  ].filter(({ actions }) => actions.some((action) => action !== 'no-op' && action !== 'read'));
}

/**
 * A plan of a stack that is initialized, as `terraform show -json` prints it. It may hold secrets in
 * the clear: nothing of it is kept in a file.
 * @throws Error with Terraform's own words where it cannot plan
 */
export async function fetchPlanJson(run: TerraformRun): Promise<string> {
  const planFile = path.resolve(run.stackDirectory, `${process.pid}.tfplan`);
  try {
    return await planIntoFile(run, planFile);
  } finally {
    rmSync(planFile, { force: true });
  }
}

/**
 * Plans a stack into a file that can be applied, and answers with the plan as `terraform show -json`
 * prints it. An initialization takes seconds, since Terraform reads the whole provider for it: it is
 * made only where Terraform asks for it.
 * @throws Error with Terraform's own words where it cannot plan
 */
export async function initializeAndPlan(
  run: TerraformRun,
  planFile: string,
  options: readonly string[],
): Promise<string> {
  try {
    return await planIntoFile(run, planFile, options);
  } catch (error) {
    if (!/(terraform|tofu) init/.test(messageOf(error))) throw error;
  }
  await terraform(run, ['init', '-input=false', '-no-color']);
  return planIntoFile(run, planFile, options);
}

async function planIntoFile(
  run: TerraformRun,
  planFile: string,
  options: readonly string[] = [],
): Promise<string> {
  const plan = ['plan', '-input=false', '-no-color', LOCK_TIMEOUT, `-out=${planFile}`];
  await terraform(run, [...plan, ...options]);
  return terraform(run, ['show', '-json', planFile]);
}

const outputsSchema = z.record(z.string(), z.object({ value: z.unknown() }));

/** The value of every output of a stack, after its apply. */
export async function fetchOutputs(run: TerraformRun): Promise<Record<string, unknown>> {
  const outputs = outputsSchema.parse(JSON.parse(await terraform(run, ['output', '-json', '-no-color'])));
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}

const stateSchema = z.object({
  values: z
    .object({
      root_module: z.object({
        resources: z
          .array(z.object({ address: z.string(), mode: z.string(), tainted: z.boolean().default(false) }))
          .default([]),
      }),
    })
    .optional(),
});

/** A resource that Terraform's state holds; a tainted one it would destroy and make anew. */
export interface HeldResource {
  readonly address: string;
  readonly tainted: boolean;
}

/** What Terraform's state of a stack holds now. */
export async function fetchHeldResources(run: TerraformRun): Promise<HeldResource[]> {
  const { values } = stateSchema.parse(JSON.parse(await terraform(run, ['show', '-json', '-no-color'])));
  return (values?.root_module.resources ?? [])
    .filter(({ mode }) => mode === 'managed')
    .map(({ address, tainted }) => ({ address, tainted }));
}

/**
 * Takes everything out of a stack's state, and touches nothing in AWS: what another name leads to
 * from now on must not be taken for what the state holds. Answers with the addresses.
 */
export async function forgetHeldResources(run: TerraformRun): Promise<string[]> {
  await terraform(run, ['init', '-input=false', '-no-color']);
  const addresses = (await fetchHeldResources(run)).map(({ address }) => address);
  if (addresses.length > 0) await terraform(run, ['state', 'rm', LOCK_TIMEOUT, ...addresses]);
  return addresses;
}

async function terraform(run: TerraformRun, args: readonly string[]): Promise<string> {
  const { setup, env, stackDirectory, signal } = run;
  try {
    const { stdout } = await exec(setup.binary.command, [`-chdir=${stackDirectory}`, ...args], {
      env: { ...env, ...setup.environment },
      signal,
      maxBuffer: 256 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    const { stderr } = z.object({ stderr: z.string().default('') }).parse(error);
    if (signal.aborted || stderr === '') throw error;
    const kept = /Resource (\S+) has lifecycle\.prevent_destroy\s+set/.exec(stderr)?.[1];
    if (kept !== undefined) {
      throw new RefusalError({
        reason: 'in-use',
        message: `Terraform keeps ${kept} from being destroyed: what the application runs on, or owns, is not destroyed`,
        hint: "take the application back first, with 'npm run undo -- --execute'",
      });
    }
    throw new Error(`terraform ${args[0] ?? ''} failed:\n${stderr.trim()}`, { cause: error });
  }
}
