import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { messageOf } from '../errors';
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
export async function fetchPlanJson(run: TerraformRun, options: readonly string[] = []): Promise<string> {
  const planFile = path.resolve(run.stackDirectory, `${process.pid}.tfplan`);
  try {
    const plan = ['plan', '-input=false', '-no-color', '-lock-timeout=60s', `-out=${planFile}`];
    await terraform(run, [...plan, ...options]);
    return await terraform(run, ['show', '-json', planFile]);
  } finally {
    rmSync(planFile, { force: true });
  }
}

/**
 * The same of a stack that may not be initialized yet. An initialization takes seconds, since
 * Terraform reads the whole provider for it: it is made only where Terraform asks for it.
 */
export async function initializeAndFetchPlanJson(
  run: TerraformRun,
  options: readonly string[],
): Promise<string> {
  try {
    return await fetchPlanJson(run, options);
  } catch (error) {
    if (!/(terraform|tofu) init/.test(messageOf(error))) throw error;
  }
  await terraform(run, ['init', '-input=false', '-no-color']);
  return fetchPlanJson(run, options);
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
    throw new Error(`terraform ${args[0] ?? ''} failed:\n${stderr.trim()}`, { cause: error });
  }
}
