import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { parse } from 'yaml';
import { z } from 'zod';
import { evaluate, fillIn, isTrue, type Context } from './expressions';
import { REPOSITORY, type LocalGithub } from './local-github';

const texts = z.record(z.string(), z.string()).default({});
const stepSchema = z.looseObject({
  id: z.string().optional(),
  name: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({}),
  env: texts,
});
const jobSchema = z.looseObject({
  if: z.string().optional(),
  needs: z.union([z.string(), z.array(z.string())]).optional(),
  environment: z.string().optional(),
  env: texts,
  outputs: texts,
  steps: z.array(stepSchema),
});
const workflowSchema = z.looseObject({ jobs: z.record(z.string(), jobSchema) });
const actionSchema = z.looseObject({
  outputs: z.record(z.string(), z.object({ value: z.string() })).default({}),
  inputs: z.record(z.string(), z.object({ default: z.string().optional() })).default({}),
  runs: z.looseObject({ steps: z.array(stepSchema) }),
});
type Step = z.infer<typeof stepSchema>;

/** What jobs run with. */
export interface Runner {
  readonly github: LocalGithub;
  /** Each job gets a folder of its own in it. */
  readonly folder: string;
  /** Of the machine: nothing of whoever runs the test. */
  readonly env: Readonly<Record<string, string>>;
  /** The project's packages, installed from the lockfile that the jobs check out. */
  readonly nodeModules: string;
  readonly vars: Context;
  readonly secrets: Context;
  readonly assumeRole: (arn: string, session: string) => Promise<Readonly<Record<string, string>>>;
}

export interface Event {
  /** The `github` context. */
  readonly github: Context;
  readonly inputs?: Context;
  /** Outputs of the jobs before, by their names. */
  readonly needs?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface JobRun {
  readonly conclusion: 'success' | 'failure' | 'skipped';
  /** Whose reviewers have to approve it. */
  readonly environment: string | undefined;
  readonly outputs: Readonly<Record<string, string>>;
  /** The steps that were run, and what they printed. */
  readonly log: string;
  readonly workspace: string;
  /** What was uploaded, by its name: the file. */
  readonly artifacts: ReadonlyMap<string, string>;
}

/** Runs a job of a workflow as GitHub's runner does, each step's command as it stands in the file. */
export async function runJob(runner: Runner, workflow: string, job: string, event: Event): Promise<JobRun> {
  const definition = readWorkflow(runner, workflow)[job];
  if (definition === undefined) throw new Error(`${workflow} has no job ${job}`);
  const context: Context = {
    github: {
      ...event.github,
      repository: REPOSITORY,
      server_url: 'https://github.com',
      token: 'of-this-job',
      run_id: '1',
      run_attempt: '1',
    },
    runner: { temp: path.join(runner.folder, 'temp') },
    vars: runner.vars,
    secrets: runner.secrets,
    inputs: event.inputs ?? {},
    needs: Object.fromEntries(
      Object.entries(event.needs ?? {}).map(([name, outputs]) => [name, { outputs: { ...outputs } }]),
    ),
  };
  const workspace = mkdtempSync(path.join(runner.folder, `${job}-`));
  const running = new RunningJob(runner, workspace, context);
  const unmet = [definition.needs ?? []].flat().filter((name) => event.needs?.[name] === undefined);
  if (unmet.length > 0) throw new Error(`${job} needs ${unmet.join(', ')}`);
  const { environment } = definition;
  if (definition.if !== undefined && !isTrue(evaluate(bare(definition.if), context)))
    return { conclusion: 'skipped', environment, outputs: {}, log: '', workspace, artifacts: new Map() };
  for (const [name, value] of Object.entries(definition.env)) running.env[name] = fillIn(value, context);
  const steps = await running.run(definition.steps, context, running.env);
  const outputs = Object.fromEntries(
    Object.entries(definition.outputs).map(([name, value]) => [name, fillIn(value, { ...context, steps })]),
  );
  const conclusion = running.failures > 0 ? 'failure' : 'success';
  const { log, artifacts } = running;
  return { conclusion, environment, outputs, log, workspace, artifacts };
}

function readWorkflow({ github }: Runner, file: string): z.infer<typeof workflowSchema>['jobs'] {
  return workflowSchema.parse(parse(github.git('show', `main:.github/workflows/${file}`))).jobs;
}

class RunningJob {
  failures = 0;
  log = '';
  readonly artifacts = new Map<string, string>();
  /** Of every step from now on. */
  readonly env: Record<string, string>;
  private files = 0;

  constructor(
    private readonly runner: Runner,
    private readonly workspace: string,
    private readonly job: Context,
  ) {
    const temp = path.join(runner.folder, 'temp');
    mkdirSync(temp, { recursive: true });
    this.env = { ...runner.env, ...runner.github.env, CI: 'true', RUNNER_TEMP: temp };
  }

  /** Gives the `steps` context. */
  async run(
    steps: readonly Step[],
    context: Context,
    env: Readonly<Record<string, string>>,
  ): Promise<Context> {
    const done: Record<string, Context> = {};
    // the steps of an action are skipped after a failure among themselves
    const failuresBefore = this.failures;
    for (const step of steps) {
      const status = this.failures > 0 ? 'failure' : 'success';
      const here = { ...context, steps: done, job: { status } };
      const condition = bare(step.if ?? '');
      const asksForStatus = condition.includes('cancelled()');
      const isDue = condition === '' || isTrue(evaluate(condition, here));
      if (!isDue || (this.failures > failuresBefore && !asksForStatus)) continue;
      this.log += `\n## ${step.name ?? step.uses ?? step.run ?? ''}\n`;
      const own = fillInAll(step.env, here);
      const before = this.failures;
      const outputs = await this.runStep(step, here, { ...env, ...own });
      const outcome = this.failures > before ? 'failure' : 'success';
      if (step.id !== undefined) done[step.id] = { outcome, outputs };
    }
    return done;
  }

  private async runStep(step: Step, context: Context, env: Record<string, string>): Promise<Context> {
    if (step.run !== undefined) return this.runCommands(step.run, env);
    const inputs = fillInAll(step.with, context);
    const [action = ''] = (step.uses ?? '').split('@');
    switch (action) {
      case 'actions/checkout':
        this.checkOut(inputs['ref']);
        return {};
      case 'actions/setup-node':
      case 'hashicorp/setup-terraform':
        // the machine has them
        return {};
      case 'aws-actions/configure-aws-credentials': {
        const { 'role-to-assume': role = '', 'role-session-name': session = '' } = inputs;
        const { 'aws-region': region = '' } = inputs;
        Object.assign(this.env, await this.runner.assumeRole(role, session), { AWS_REGION: region });
        return {};
      }
      case 'actions/upload-artifact': {
        const { name = '', path: file = '' } = inputs;
        this.artifacts.set(name, file);
        return {};
      }
      default:
        if (action.startsWith('./')) return this.runAction(action, inputs, env);
        throw new Error(`no step used '${action}' so far`);
    }
  }

  private async runAction(
    folder: string,
    given: Record<string, string>,
    env: Record<string, string>,
  ): Promise<Context> {
    const file = path.join(this.workspace, folder, 'action.yml');
    const action = actionSchema.parse(parse(readFileSync(file, 'utf8')));
    const defaults = Object.entries(action.inputs).map(([name, input]) => [name, input.default ?? '']);
    const inputs = { ...(Object.fromEntries(defaults) as Record<string, string>), ...given };
    // of a job's contexts an action sees these alone
    const { github = {}, runner = {} } = this.job;
    const context = { github, runner, inputs };
    const steps = await this.run(action.runs.steps, context, env);
    return Object.fromEntries(
      Object.entries(action.outputs).map(([name, { value }]) => [name, fillIn(value, { ...context, steps })]),
    );
  }

  private checkOut(ref = 'main'): void {
    const git = (...args: string[]): unknown =>
      execFileSync('git', ['-C', this.workspace, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    const { repository } = this.runner.github;
    git('init', '--quiet');
    // what is there already need not be copied
    const objects = path.join(repository, 'objects');
    writeFileSync(path.join(this.workspace, '.git/objects/info/alternates'), `${objects}\n`);
    git('remote', 'add', 'origin', repository);
    // by which gh knows the repository
    git('remote', 'add', 'github', `https://github.com/${REPOSITORY}.git`);
    git('fetch', '--quiet', repository, '+refs/heads/*:refs/remotes/origin/*', '+refs/pull/*:refs/pull/*');
    if (/^refs\/|^[0-9a-f]{40}$/.test(ref)) git('checkout', '--quiet', '--detach', ref);
    else git('checkout', '--quiet', '-B', ref, `refs/remotes/origin/${ref}`);
  }

  private async runCommands(commands: string, env: Record<string, string>): Promise<Context> {
    if (commands.startsWith('npm ci')) {
      symlinkSync(this.runner.nodeModules, path.join(this.workspace, 'node_modules'));
      return {};
    }
    const file = (name: string): string => {
      const made = path.join(this.runner.folder, `${path.basename(this.workspace)}-${++this.files}-${name}`);
      writeFileSync(made, '');
      return made;
    };
    const [script, output, summary] = [file('step.sh'), file('output'), file('summary')];
    writeFileSync(script, commands);
    // as GitHub does where a step says `shell: bash`
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
      cwd: this.workspace,
      env: { ...this.env, ...env, GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    this.log += `${stdout}${stderr}${readFileSync(summary, 'utf8')}`;
    if (child.exitCode !== 0) {
      this.failures += 1;
      this.log += `exit code ${String(child.exitCode)}\n`;
    }
    const lines = readFileSync(output, 'utf8').split('\n').filter(Boolean);
    return Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
  }
}

/** An `if` may stand with or without its `${{ }}`. */
function bare(condition: string): string {
  return condition.replace(/^\$\{\{(.*)\}\}$/, '$1');
}

function fillInAll(values: Readonly<Record<string, string>>, context: Context): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fillIn(value, context)]));
}
