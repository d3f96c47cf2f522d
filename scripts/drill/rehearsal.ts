import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { drillDirectory, readArtefact, writeWhole } from '../../lib/artefact-files';
import type { DrillRunner, Phase } from '../../lib/drill/drill-runner';
import { RUN_MARKER } from '../../lib/drill/marked-processes';
import { valueOf } from '../../lib/errors';
import { setUpTerraform } from '../../lib/terraform/terraform-environment';
import { formatDuration, formatInstant, epochMicros, parseInstant } from '../../lib/time';
import { startSandboxProcess, type SandboxProcess } from './sandbox-process';

/** What the steps of one rehearsal hand to each other beside the artefacts. */
export interface Rehearsal {
  readonly drill: string;
  readonly incident: string;
  readonly runner: DrillRunner;
  readonly signal: AbortSignal;
  /** Environment of every command; grows by the sandbox's once that is up. */
  env: NodeJS.ProcessEnv;
  sandbox: SandboxProcess | undefined;
  /** `terraform` or `tofu`, whichever the preflight found. */
  terraform: string;
}

export interface RehearsalStep {
  readonly name: string;
  readonly phase: Phase;
  run(rehearsal: Rehearsal, name: string, phase: Phase): Promise<unknown>;
}

const PARAMETER = '/trading/db/host';
/** Work that goes on before the incident, so that there is something to lose and to keep. */
const USUAL_WORK_MS = 5000;
const APPLICATION_WITHIN_MS = 60_000;

const command =
  (line: (drill: string, terraform: string) => string, show?: 'result'): RehearsalStep['run'] =>
  ({ runner, drill, env, terraform }, name, phase) =>
    runner.command(name, phase, line(drill, terraform), env, show);

const cdktf = (verb: 'deploy' | 'destroy', stack: string): RehearsalStep['run'] =>
  command((drill) => `npx cdktf ${verb} ${stack} --auto-approve --output ${synthesized(drill)}`);

/** What the next apply would do, held against what was approved. */
const guard = (what: string): RehearsalStep['run'] =>
  command(
    (drill) => `npm run --silent guard -- --drill ${drill} --stack ${what} --output ${synthesized(drill)}`,
  );

/** Terraform's plan after an apply; exit code 2 says that something would change, and fails the step. */
const noChange = (stack: string): RehearsalStep['run'] =>
  command(
    (drill, terraform) =>
      `${terraform} -chdir=${synthesized(drill)}/stacks/${stack} plan -detailed-exitcode -input=false`,
  );

/** The whole drill, step by step, each by the command that a person would type. */
export const STEPS: readonly RehearsalStep[] = [
  { name: 'preflight', phase: 'set-up', run: preflight },
  { name: 'sandbox', phase: 'set-up', run: startSandbox },
  { name: 'incident', phase: 'set-up', run: haveIncident },
  {
    name: 'resolve',
    phase: 'recovery',
    run: command(
      (drill) => `npm run --silent resolve -- --cluster trading --drill ${drill} --since 1h`,
      'result',
    ),
  },
  {
    name: 'plan',
    phase: 'recovery',
    run: command((drill) => `npm run --silent plan -- --drill ${drill}`, 'result'),
  },
  { name: 'guard restore', phase: 'recovery', run: guard('restore --check-window') },
  { name: 'restore', phase: 'recovery', run: cdktf('deploy', 'restore') },
  { name: 'no drift', phase: 'recovery', run: noChange('restore') },
  {
    name: 'verify',
    phase: 'recovery',
    run: command((drill) => `npm run --silent verify -- --drill ${drill}`, 'result'),
  },
  {
    name: 'plan repoint',
    phase: 'recovery',
    run: command(
      (drill) => `npm run --silent plan-repoint -- --drill ${drill} --ssm-parameter ${PARAMETER}`,
      'result',
    ),
  },
  { name: 'guard repoint', phase: 'recovery', run: guard('repoint') },
  { name: 'repoint', phase: 'recovery', run: cdktf('deploy', 'repoint') },
  {
    name: 'application',
    phase: 'recovery',
    run: (rehearsal, name, phase) => applicationMoves(rehearsal, name, phase, ({ restored }) => restored),
  },
  { name: 'no drift after repoint', phase: 'tear-down', run: noChange('repoint') },
  { name: 'score', phase: 'tear-down', run: score },
  {
    name: 'report',
    phase: 'tear-down',
    run: command((drill) => `npm run --silent report -- --drill ${drill}`, 'result'),
  },
];

/** Takes back what the rehearsal made: first the application's config, then the restored cluster. */
export const TEAR_DOWN: readonly RehearsalStep[] = [
  {
    name: 'plan the way back',
    phase: 'tear-down',
    run: command((drill) => `npm run --silent plan-repoint -- --drill ${drill} --back`, 'result'),
  },
  { name: 'guard the way back', phase: 'tear-down', run: guard('repoint') },
  { name: 'repoint back', phase: 'tear-down', run: cdktf('deploy', 'repoint') },
  {
    name: 'application back',
    phase: 'tear-down',
    run: (rehearsal, name, phase) => applicationMoves(rehearsal, name, phase, ({ source }) => source),
  },
  { name: 'guard destroy', phase: 'tear-down', run: guard('restore --destroy') },
  { name: 'destroy', phase: 'tear-down', run: cdktf('destroy', 'restore') },
];

function synthesized(drill: string): string {
  return `drills/${drill}/cdktf.out`;
}

/** A file for a shell: `source` it, and every command reaches this rehearsal's sandbox. */
export function environmentFile(drill: string): string {
  return path.join(drillDirectory(drill), 'logs', 'environment.sh');
}

async function preflight(rehearsal: Rehearsal, name: string, phase: Phase): Promise<void> {
  await rehearsal.runner.command(name, phase, 'npm run --silent preflight', rehearsal.env, 'result');
  const { binary, environment } = valueOf(
    await setUpTerraform({
      env: rehearsal.env,
      directory: path.join(drillDirectory(rehearsal.drill), '.terraform'),
    }),
  );
  rehearsal.terraform = binary.command;
  rehearsal.env = { ...rehearsal.env, ...environment };
}

async function startSandbox(rehearsal: Rehearsal, name: string, phase: Phase): Promise<void> {
  const { runner, drill } = rehearsal;
  await runner.step(name, phase, 'npm run sandbox', async (update, logFile) => {
    const sandbox = await startSandboxProcess(rehearsal.env, logFile, rehearsal.signal, update);
    rehearsal.sandbox = sandbox;
    rehearsal.env = { ...rehearsal.env, ...sandbox.env };
    // it holds the sandbox's passwords
    writeWhole(environmentFile(drill), shellExports(changed(process.env, rehearsal.env)), 0o600);
  });
}

/** What the rehearsal's commands have in their environment and the person's shell has not. */
function changed(outer: NodeJS.ProcessEnv, inner: NodeJS.ProcessEnv): [string, string][] {
  return Object.entries(inner).flatMap(([key, value]) =>
    value === undefined || value === outer[key] || key === RUN_MARKER ? [] : [[key, value]],
  );
}

function shellExports(variables: readonly [string, string][]): string {
  return variables.map(([key, value]) => `export ${key}='${value.replaceAll("'", `'\\''`)}'\n`).join('');
}

async function haveIncident(rehearsal: Rehearsal, name: string, phase: Phase): Promise<void> {
  await rehearsal.runner.step(name, phase, `${rehearsal.incident}, among other sessions' work`, async () => {
    await sleep(USUAL_WORK_MS, undefined, { signal: rehearsal.signal });
    await sandboxOf(rehearsal).control('POST', `incidents/${rehearsal.incident}`);
  });
}

const applicationSchema = z.object({
  databaseHost: z.string().nullable(),
  writes: z.number(),
  lastError: z.string().nullable(),
});

async function applicationMoves(
  rehearsal: Rehearsal,
  name: string,
  phase: Phase,
  to: (hosts: { restored: string; source: string }) => string,
): Promise<void> {
  const { restored } = valueOf(readArtefact(rehearsal.drill, 'verification')).value;
  const { source } = valueOf(readArtefact(rehearsal.drill, 'restorePlan')).value;
  const host = to({ restored: restored.endpoint, source: source.endpoint });
  await rehearsal.runner.step(name, phase, `wait until it writes to ${host}`, async (update) => {
    const deadline = Date.now() + APPLICATION_WITHIN_MS;
    for (;;) {
      const { databaseHost, writes, lastError } = applicationSchema.parse(
        await sandboxOf(rehearsal).control('GET', 'application'),
      );
      const state = `it writes to ${databaseHost ?? 'nothing'}, ${writes} orders there`;
      if (databaseHost === host && writes > 0) {
        rehearsal.runner.observe(`the application writes to ${host}`);
        return;
      }
      if (Date.now() > deadline) throw new Error(`${state}; its last error: ${lastError ?? 'none'}`);
      update(state);
      await sleep(250, undefined, { signal: rehearsal.signal });
    }
  });
}

const truthSchema = z.object({
  incidents: z.array(
    z.object({
      statements: z.array(
        z.object({ sql: z.string(), sentAtMicros: z.number(), returnedAtMicros: z.number() }),
      ),
    }),
  ),
});

/** Holds the restore point against what the sandbox knows really happened. Only a rehearsal can do this. */
async function score(rehearsal: Rehearsal, name: string, phase: Phase): Promise<void> {
  await rehearsal.runner.step(name, phase, 'the restore point against what really happened', async () => {
    const truth = truthSchema.parse(await sandboxOf(rehearsal).control('GET', 'truth'));
    const commit = truth.incidents.at(-1)?.statements.at(-1);
    if (commit === undefined) throw new Error('the sandbox knows of no incident');
    const { restoreTo } = valueOf(readArtefact(rehearsal.drill, 'restorePlan')).value;
    const ahead = epochMicros(commit.sentAtMicros) - valueOf(parseInstant(restoreTo));
    const text = `the damage took effect at ${formatInstant(epochMicros(commit.sentAtMicros))} at the earliest, ${formatDuration(ahead / 1000)} after the restore point`;
    if (ahead <= 0) throw new Error(text);
    rehearsal.runner.observe(text);
  });
}

function sandboxOf({ sandbox }: Rehearsal): SandboxProcess {
  if (sandbox === undefined) throw new Error('the sandbox is not running');
  return sandbox;
}
