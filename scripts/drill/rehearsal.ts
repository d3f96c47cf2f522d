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
  readonly engine: 'aurora-mysql' | 'aurora-postgresql';
  /** Whether there is a second cluster, which goes back to the same instant. */
  readonly ledger: boolean;
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
const LEDGER = { cluster: 'trading-ledger', parameter: '/trading-ledger/db/host' };
/** Other programs stay on the old cluster: whose sessions and whose writes tell that the application has moved. */
const APPLICATION = {
  'aurora-mysql': '--user trading_app --clock trading.orders.placed_at',
  'aurora-postgresql': '--user trading_app --clock public.orders.placed_at',
};
/** Work that goes on before the incident, so that there is something to lose and to keep. */
const USUAL_WORK_MS = 5000;
const APPLICATION_WITHIN_MS = 60_000;

const command =
  (line: (drill: string, rehearsal: Rehearsal) => string, show?: 'result'): RehearsalStep['run'] =>
  (rehearsal, name, phase) => {
    const { runner, drill, env } = rehearsal;
    return runner.command(name, phase, line(drill, rehearsal), env, show);
  };

/** Plans with Terraform, holds the plan against what was approved, and keeps it. */
const guard = (what: string): RehearsalStep['run'] =>
  command((drill) => `npm run --silent guard -- --drill ${drill} --stack ${what}`);

/** Applies the plan that the guard kept. */
const apply = (what: string): RehearsalStep['run'] =>
  command((drill) => `npm run --silent apply -- --drill ${drill} --stack ${what}`);

/** Terraform's plan after an apply; exit code 2 says that something would change, and fails the step. */
const noChange = (stack: string): RehearsalStep['run'] =>
  command(
    (drill, { terraform }) =>
      `${terraform} -chdir=drills/${drill}/cdktf.out/stacks/${stack} plan -detailed-exitcode -input=false`,
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
    run: command(
      (drill, { ledger }) =>
        `npm run --silent plan -- --drill ${drill}${ledger ? ` --with-cluster ${LEDGER.cluster}` : ''}`,
      'result',
    ),
  },
  { name: 'guard restore', phase: 'recovery', run: guard('restore') },
  { name: 'restore', phase: 'recovery', run: apply('restore') },
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
      (drill, { ledger }) =>
        `npm run --silent plan-repoint -- --drill ${drill} --ssm-parameter ${PARAMETER}${ledger ? ` ${LEDGER.parameter}` : ''}`,
      'result',
    ),
  },
  { name: 'guard repoint', phase: 'recovery', run: guard('repoint') },
  { name: 'repoint', phase: 'recovery', run: apply('repoint') },
  {
    name: 'arrival',
    phase: 'recovery',
    run: command(
      (drill, { engine }) =>
        `npm run --silent arrival -- --drill ${drill} ${APPLICATION[engine]} --timeout 1m`,
      'result',
    ),
  },
  {
    name: 'application',
    phase: 'recovery',
    run: (rehearsal, name, phase) => applicationMoves(rehearsal, name, phase, 'restored'),
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
    name: 'undo',
    phase: 'tear-down',
    run: command((drill) => `npm run --silent undo -- --drill ${drill} --execute`, 'result'),
  },
  {
    name: 'application back',
    phase: 'tear-down',
    run: (rehearsal, name, phase) => applicationMoves(rehearsal, name, phase, 'source'),
  },
  { name: 'guard destroy', phase: 'tear-down', run: guard('restore --destroy') },
  { name: 'destroy', phase: 'tear-down', run: apply('restore --destroy') },
];

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
  const { runner, drill, env, signal } = rehearsal;
  const options = [
    ...(rehearsal.engine === 'aurora-mysql' ? [] : ['--engine', rehearsal.engine]),
    ...(rehearsal.ledger ? ['--scenario', 'trading-and-ledger'] : []),
  ];
  const what = ['npm run sandbox', ...(options.length === 0 ? [] : ['--', ...options])].join(' ');
  await runner.step(name, phase, what, async (update, logFile) => {
    const sandbox = await startSandboxProcess(env, logFile, signal, update, options);
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
  ledger: z.object({ databaseHost: z.string().nullable(), entries: z.number() }).optional(),
});

/** Waits until the application writes to every cluster, restored or source, that it is to write to. */
async function applicationMoves(
  rehearsal: Rehearsal,
  name: string,
  phase: Phase,
  to: 'restored' | 'source',
): Promise<void> {
  const { drill } = rehearsal;
  const hosts =
    to === 'restored'
      ? valueOf(readArtefact(drill, 'verification')).value.clusters.map(({ restored }) => restored.endpoint)
      : valueOf(readArtefact(drill, 'restorePlan')).value.clusters.map(({ source }) => source.endpoint);
  const where = hosts.join(' and ');
  await rehearsal.runner.step(name, phase, `wait until it writes to ${where}`, async (update) => {
    const deadline = Date.now() + APPLICATION_WITHIN_MS;
    for (;;) {
      const { databaseHost, writes, lastError, ledger } = applicationSchema.parse(
        await sandboxOf(rehearsal).control('GET', 'application'),
      );
      const found = [
        { host: databaseHost, count: writes },
        ...(ledger === undefined ? [] : [{ host: ledger.databaseHost, count: ledger.entries }]),
      ];
      const state = `it writes to ${databaseHost ?? 'nothing'}, ${writes} orders there`;
      if (hosts.every((host) => found.some((one) => one.host === host && one.count > 0))) {
        rehearsal.runner.observe(`the application writes to ${where}`);
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
