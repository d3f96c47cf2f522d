import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { renderArtefact } from '../../../lib/artefacts/artefact';
import { filesOf, DRILL as FIXTURE, FAILED, type Drill } from '../../lib/report/fixtures';
import { PIPELINE } from '../../lib/report/more-drills';
import { provideGithubCli } from './github-cli';
import { LocalGithub, REPOSITORY } from './local-github';
import { runJob, type Event, type JobRun, type Runner } from './run-job';
import { ROOT, useAsTemplate } from './template';

/** Jobs as they stand in the files, with Git, `gh`, the report and the comment; what speaks with AWS is a stub. */
jest.setTimeout(20 * 60_000);

const DRILL = 'spring';
const BRANCH = `drill/${DRILL}`;
const MARKER = `<!-- restore-drill ${DRILL} -->`;
const NEEDS = { review: { drill: DRILL } };

let folder: string;
let github: LocalGithub;
let template: string;
let runner: Runner;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'jobs-'));
  github = await LocalGithub.start(folder);
  template = useAsTemplate(folder, github, '{}\n');
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  const npm = execFileSync('bash', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim();
  writeFileSync(
    path.join(bin, 'npm'),
    [
      '#!/bin/bash',
      `echo "$*" >> '${folder}/calls'`,
      `if [ -x "${folder}/stubs/$3" ]; then exec "${folder}/stubs/$3" "$@"; fi`,
      `case $3 in report | comment) exec '${npm}' "$@" ;; esac`,
    ].join('\n'),
    { mode: 0o755 },
  );
  const { PATH = '', HOME = '' } = process.env;
  runner = {
    github,
    folder,
    nodeModules: path.join(ROOT, 'node_modules'),
    env: { PATH: `${bin}:${await provideGithubCli()}:${PATH}`, HOME },
    vars: { DRILL_REPOINT_TARGETS: '--ssm-parameter /trading/db/host' },
    secrets: {},
    assumeRole: () => Promise.resolve({}),
  };
});
afterAll(async () => {
  await github.stop();
  rmSync(folder, { recursive: true });
});

/** A pull request with a restore plan that has been reviewed, and jobs of which each step succeeds. */
beforeEach(() => {
  github.comments.clear();
  github.authors.clear();
  github.closed.clear();
  github.pullRequests.splice(0, Infinity, { number: 1, title: '', body: '', branch: BRANCH });
  rmSync(path.join(folder, 'stubs'), { recursive: true, force: true });
  mkdirSync(path.join(folder, 'stubs'));
  rmSync(path.join(folder, 'calls'), { force: true });
  rmSync(path.join(github.repository, 'hooks/pre-receive'), { force: true });
  git('switch', '--quiet', '--force-create', BRANCH, 'main');
  push('plan the drill', artefacts(PIPELINE, ['incident', 'restorePlan']));
  stub('guard', `echo '{"verdict":"pass","rules":[]}'`);
  stubWriting('verify', PIPELINE, 'verification');
  stubWriting('plan-repoint', PIPELINE, 'repointPlan');
});

function git(...args: string[]): string {
  const own = ['-C', template, '-c', 'user.name=a', '-c', 'user.email=a@example.com'];
  return execFileSync('git', [...own, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

type Files = Readonly<Record<string, string>>;

/** A person's push to the pull request's branch, from what it was when the test began. */
function push(message: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(template, name)), { recursive: true });
    writeFileSync(path.join(template, name), content);
  }
  git('add', '--all', '--', ...Object.keys(files));
  git('commit', '--quiet', '--message', message);
  git('push', '--quiet', '--force', github.repository, BRANCH);
}

function artefacts(fixture: Drill, kinds: readonly (keyof Drill)[]): Files {
  const drill = JSON.parse(JSON.stringify(fixture).replaceAll(FIXTURE, DRILL)) as Drill;
  const files = filesOf(drill);
  return Object.fromEntries(
    kinds.map((kind) => {
      const stored = files[kind];
      if (!stored.ok) throw new Error(stored.refusal.message);
      const { value, path: file } = stored.value;
      return [file.replace(FIXTURE, DRILL), renderArtefact(value)];
    }),
  );
}

function stub(name: string, commands: string): void {
  const file = path.join(folder, 'stubs', name);
  writeFileSync(file, `#!/bin/bash\n${commands}\n`);
  chmodSync(file, 0o755);
}

function stubWriting(name: string, fixture: Drill, kind: keyof Drill, ...then: readonly string[]): void {
  const copies = Object.entries(artefacts(fixture, [kind])).map(([file, content]) => {
    const kept = path.join(folder, 'stubs', `${kind}.json`);
    writeFileSync(kept, content);
    return `cp '${kept}' ${file}`;
  });
  stub(name, [...copies, ...then].join('\n'));
}

/** For tests that do not read the report or the comment: each of them costs a second of a processor. */
function stubTexts(): void {
  stub('report', `touch drills/${DRILL}/report.md drills/${DRILL}/report.html`);
  stub('comment', 'exit 0');
}

function event(more: Readonly<Record<string, string>> = {}): Event {
  const head = { ref: BRANCH, sha: github.git('rev-parse', BRANCH), repo: { full_name: REPOSITORY } };
  const base = { sha: github.git('rev-parse', 'main') };
  return {
    github: { event_name: 'pull_request', event: { pull_request: { number: '1', head, base, ...more } } },
  };
}

const restore = (at: Event): Promise<JobRun> =>
  runJob(runner, 'drill.yml', 'restore', { ...at, needs: NEEDS });

function onBranch(): readonly string[] {
  return github.git('ls-tree', '-r', '--name-only', BRANCH, `drills/${DRILL}/`).split('\n').sort();
}

const inDrill = (...names: string[]): readonly string[] =>
  names.map((name) => `drills/${DRILL}/${name}`).sort();
const REVIEWED = ['incident.json', 'restore-plan.json'];
const RESTORED = [...REVIEWED, 'repoint-plan.json', 'report.html', 'report.md', 'verification.json'];

function comment(): string {
  return github.comments.get(1) ?? '';
}

function calls(): readonly string[] {
  const file = path.join(folder, 'calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

function expectSuccess({ conclusion, log }: JobRun): void {
  if (conclusion !== 'success') throw new Error(log);
}

describe('the evidence of a restore', () => {
  test('is on the branch, where the commit says how the job has gone, and may be repointed from', async () => {
    const run = await restore(event());
    expectSuccess(run);
    expect(onBranch()).toEqual(inDrill(...RESTORED));
    expect(github.git('log', '-1', '--format=%s', BRANCH)).toBe(
      "Evidence of drill spring: job 'restore', success so far",
    );
    expect(run.outputs).toEqual({ repointable: github.git('rev-parse', BRANCH) });
    expect(comment()).not.toContain('The pipeline failed');
  });

  test('is kept where a target is missed: the job goes red after that, and the repoint is offered', async () => {
    stubWriting('verify', PIPELINE, 'verification', "echo 'targets: { rto: 1s }' > restore-drill.yaml");
    const run = await restore(event());
    expect(run.conclusion).toBe('failure');
    expect(run.log).toMatch(
      /::error::refused: drill 'spring' missed its target: RTO .*, target 1[.]0 s: missed/,
    );
    expect(onBranch()).toEqual(inDrill(...RESTORED));
    expect(run.outputs).toEqual({ repointable: github.git('rev-parse', BRANCH) });
    expect(comment()).toMatch(/restore: refused: drill 'spring' missed its target/);
  });

  test('is put on top of what somebody pushes meanwhile, and that push is not what may be repointed to', async () => {
    stubTexts();
    stubWriting('verify', PIPELINE, 'verification', `'${folder}/stubs/push'`);
    writeFileSync(path.join(folder, 'stubs/notes.md'), 'of a person');
    stub(
      'push',
      [
        'set -e',
        `git clone --quiet --branch ${BRANCH} '${github.repository}' "$RUNNER_TEMP/person" && cd "$RUNNER_TEMP/person"`,
        `cp '${folder}/stubs/notes.md' . && git add notes.md`,
        'git -c user.name=b -c user.email=b@example.com commit --quiet --message notes && git push --quiet',
      ].join('\n'),
    );
    const at = event();
    const run = await restore(at);
    rmSync(path.join(folder, 'temp/person'), { recursive: true });
    expectSuccess(run);
    expect(onBranch()).toEqual(inDrill(...RESTORED));
    expect(github.git('show', `${BRANCH}:notes.md`)).toBe('of a person');
    const repoint = await runJob(runner, 'drill.yml', 'repoint', {
      ...at,
      needs: { ...NEEDS, restore: run.outputs },
    });
    expect(repoint.conclusion).toBe('failure');
    expect(repoint.log).toContain('notes.md\n::error::the files above have changed in the pull request');
    expect(calls().filter((call) => call.includes('--stack repoint'))).toEqual([]);
  });

  test('of a job that is run again is put on top of what the first run has kept', async () => {
    stubTexts();
    const at = event();
    expectSuccess(await restore(at));
    const first = github.git('rev-parse', BRANCH);
    stubWriting('verify', PIPELINE, 'verification', `echo again > drills/${DRILL}/second-run.txt`);
    expectSuccess(await restore(at));
    expect(onBranch()).toEqual(inDrill(...RESTORED, 'second-run.txt'));
    expect(github.git('rev-parse', `${BRANCH}~1`)).toBe(first);
    const second = github.git('rev-parse', BRANCH);
    expectSuccess(await restore(at));
    // and where nothing has changed since, nothing is pushed
    expect(github.git('rev-parse', BRANCH)).toBe(second);
  });

  test('stays with the run where the branch takes no push', async () => {
    writeFileSync(path.join(github.repository, 'hooks/pre-receive'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const run = await restore(event());
    expect(run.conclusion).toBe('failure');
    expect(run.outputs).toEqual({ repointable: '' });
    expect(run.log).toContain('::error::the evidence could not be pushed');
    expect([...run.artifacts.keys()]).toEqual(['evidence-spring-restore-1']);
    const kept = execFileSync('tar', ['-tf', [...run.artifacts.values()].join('')], { encoding: 'utf8' });
    expect(kept).toContain(`drills/${DRILL}/verification.json\n`);
    expect(comment()).toContain('restore: evidence');
    expect(github.git('log', '-1', '--format=%s', BRANCH)).toBe('plan the drill');
  });

  test('of data that did not pass offers no repoint, and the comment says so', async () => {
    const { verification: failed = PIPELINE.verification } = FAILED;
    if (failed === undefined) throw new Error('the fixture has a verification');
    stubWriting('verify', { ...PIPELINE, verification: failed }, 'verification', 'exit 3');
    const run = await restore(event());
    expect(run).toMatchObject({ conclusion: 'failure', outputs: { repointable: '' } });
    expect(onBranch()).toEqual(inDrill(...RESTORED.filter((name) => name !== 'repoint-plan.json')));
    expect(comment()).toContain('`restore: verify` failed');
    expect(comment()).toContain('do not bring the application over');
    expect(github.git('log', '-1', '--format=%s', BRANCH)).toContain('failure so far');
    const repoint = await runJob(runner, 'drill.yml', 'repoint', {
      ...event(),
      needs: { ...NEEDS, restore: run.outputs },
    });
    expect(repoint.conclusion).toBe('skipped');
  });
});

describe('what was reviewed is what runs', () => {
  const plan = `drills/${DRILL}/restore-plan.json`;

  test.each([
    ['the restore plan', plan],
    ['a tool', 'lib/time.ts'],
  ])('a restore is refused where %s has changed since the review', async (_, file) => {
    const at = event();
    push('another', { [file]: `${readFileSync(path.join(template, file), 'utf8')}\n` });
    const run = await restore(at);
    expect(run.conclusion).toBe('failure');
    expect(run.log).toContain(`${file}\n::error::the files above have changed in the pull request`);
    expect(calls().filter((call) => /run --silent (guard|apply|comment|report)/.test(call))).toEqual([]);
  });

  test('a restore is refused where the pull request has been closed', async () => {
    github.closed.add(1);
    const run = await restore(event());
    expect(run.conclusion).toBe('failure');
    expect(run.log).toContain('::error::the pull request is closed, not open');
  });

  test('a repoint is refused where its plan has changed since the restore, and runs where nothing has', async () => {
    stubTexts();
    const at = event();
    const needs = { ...NEEDS, restore: (await restore(at)).outputs };
    expectSuccess(await runJob(runner, 'drill.yml', 'repoint', { ...at, needs }));
    expectSuccess(await runJob(runner, 'drill.yml', 'repoint', { ...at, needs }));
    git('fetch', '--quiet', github.repository, BRANCH);
    git('reset', '--quiet', '--hard', 'FETCH_HEAD');
    push('elsewhere', { [`drills/${DRILL}/repoint-plan.json`]: '{}\n' });
    const run = await runJob(runner, 'drill.yml', 'repoint', { ...at, needs });
    expect(run.conclusion).toBe('failure');
    expect(run.log).toContain('repoint-plan.json\n::error::the files above have changed');
  });

  test('a pull request that changes the tool with the drill is refused before any of it is run', async () => {
    push('and the tool', { 'lib/time.ts': '// mine\n', '.github/actions/set-up/action.yml': '{}\n' });
    const review = await runJob(runner, 'drill.yml', 'review', event());
    expect(review.conclusion).toBe('failure');
    expect(review.log).toContain(
      '.github/actions/set-up/action.yml\nlib/time.ts\n::error::a drill pull request changes nothing outside drills/spring',
    );
    expect(calls()).toEqual([]);
    expect(comment()).toMatch(/^<!-- restore-drill spring -->\n\n# ❌ .*: review: which failed/);
  });

  test('the way back runs from the commit that was labelled', async () => {
    stubTexts();
    const at = event();
    push('later', { [`drills/${DRILL}/later.txt`]: '' });
    stub('undo', `[ ! -e drills/${DRILL}/later.txt ]`);
    const back = await runJob(runner, 'drill-back.yml', 'back', { ...at, needs: { which: NEEDS.review } });
    expectSuccess(back);
    expect(onBranch()).toContain(`drills/${DRILL}/later.txt`);
  });
});

describe('the comment', () => {
  test('is red where the guard refused, where it could not judge, and where it never ran', async () => {
    const at = event();
    stub('guard', `echo '{"verdict":"refused","rules":[]}'; exit 3`);
    expect((await restore(at)).conclusion).toBe('failure');
    expect(comment()).toContain('✘ **FAIL** `restore: guard` failed');
    expect(comment()).toContain('is not what was approved. **Do not apply it.**');
    stub('guard', `echo '{"refused":{"reason":"r","message":"the plan is stale","hint":"plan"}}'; exit 3`);
    expect((await restore(at)).conclusion).toBe('failure');
    expect(comment()).toContain('The guard could not judge stack `restore`: the plan is stale');
    stub('guard', 'exit 1');
    expect((await restore(at)).conclusion).toBe('failure');
    expect(comment()).toContain('✘ **FAIL** `restore: guard` failed');
    expect(comment()).not.toContain('Guard: does Terraform');
    expect(calls().filter((call) => call.includes('apply'))).toEqual([]);
    expect(github.comments.size).toBe(1);
  });

  test('is red where the review failed before the guard', async () => {
    stub('preflight', 'exit 3');
    const review = await runJob(runner, 'drill.yml', 'review', event());
    expect(review.conclusion).toBe('failure');
    expect(calls()).toContain('run --silent preflight -- --cluster trading --lasting-state');
    expect(comment()).toContain('✘ **FAIL** `review: preflight` failed');
    expect(comment()).toContain(`https://github.com/${REPOSITORY}/actions/runs/1`);
  });

  test('is red where an artefact was tampered with, and where nothing can be rendered', async () => {
    const file = `drills/${DRILL}/restore-plan.json`;
    const plan = readFileSync(path.join(template, file), 'utf8');
    push('tamper', { [file]: plan.replace('10:02:16Z', '10:02:17Z') });
    stub('plan', 'exit 3');
    await runJob(runner, 'drill.yml', 'review', event());
    expect(comment()).toContain('## Restore drill spring: refused');
    expect(comment()).toContain('restore-plan.json was changed after it was written');
    stub('comment', 'exit 1');
    await runJob(runner, 'drill.yml', 'review', event());
    expect(comment()).toContain('# ❌ Restore drill `spring`: review: plan failed');
    expect(github.comments.size).toBe(1);
  });

  test("is found again though somebody edited it in the web, and never in another person's", async () => {
    github.comments.set(1, `${MARKER}\nspoofed`);
    github.authors.set(1, 'mallory');
    github.comments.set(2, `${MARKER}\r\n\r\nedited`);
    expectSuccess(await runJob(runner, 'drill.yml', 'review', event()));
    expect(github.comments.size).toBe(2);
    expect(comment()).toBe(`${MARKER}\nspoofed`);
    expect(github.comments.get(2)).toContain('Next step');
  });
});

describe('the review', () => {
  afterEach(() => {
    github.environments.set('drill-restore', ['required_reviewers']);
  });

  test.each<[string, readonly string[] | undefined]>([
    ['does not exist', undefined],
    ['has no required reviewers', ['branch_policy']],
  ])('refuses where an environment %s, unless that is accepted', async (_, rules) => {
    stubTexts();
    if (rules === undefined) github.environments.delete('drill-restore');
    else github.environments.set('drill-restore', rules);
    const review = await runJob(runner, 'drill.yml', 'review', event());
    expect(review.conclusion).toBe('failure');
    expect(review.log).toContain('::error::environment drill-restore has no required reviewers');
    expect(calls()).toEqual([]);
    const vars = { ...runner.vars, DRILL_WITHOUT_REVIEWERS: 'accepted' };
    const accepted = await runJob({ ...runner, vars }, 'drill.yml', 'review', event());
    expectSuccess(accepted);
    expect(accepted.log).toContain('::warning::environment drill-restore has no required reviewers');
  });
});

describe('variables of several values', () => {
  test('are read by lines and by spaces', async () => {
    stubTexts();
    const vars = {
      DRILL_REPOINT_TARGETS: '--ssm-parameter /a/host /b/host\n--secret prod/db#host\n',
      DRILL_APPLICATION_USERS: 'app\nsettlement  batch',
    };
    const at = event();
    const run = await runJob({ ...runner, vars }, 'drill.yml', 'restore', { ...at, needs: NEEDS });
    expectSuccess(run);
    const needs = { ...NEEDS, restore: run.outputs };
    expectSuccess(await runJob({ ...runner, vars }, 'drill.yml', 'repoint', { ...at, needs }));
    expect(calls()).toEqual(
      expect.arrayContaining([
        'run --silent plan-repoint -- --drill spring --ssm-parameter /a/host /b/host --secret prod/db#host',
        'run --silent arrival -- --drill spring --timeout 15m --user app settlement batch',
      ]),
    );
  });

  test('may be left out', async () => {
    stubTexts();
    const at = event();
    const bare: Runner = { ...runner, vars: {} };
    const run = await runJob(bare, 'drill.yml', 'restore', { ...at, needs: NEEDS });
    const needs = { ...NEEDS, restore: run.outputs };
    expectSuccess(await runJob(bare, 'drill.yml', 'repoint', { ...at, needs }));
    expect(calls()).toContain('run --silent arrival -- --drill spring --timeout 15m');
  });
});

test('a clean-up that is approved after the pull request was reopened destroys nothing', async () => {
  const cleanUp = (): Promise<JobRun> =>
    runJob(runner, 'drill-close.yml', 'clean-up', { ...event(), needs: { which: NEEDS.review } });
  const reopened = await cleanUp();
  expectSuccess(reopened);
  expect(reopened.log).toContain('::notice::nothing was destroyed: the pull request is open again');
  expect(calls().filter((call) => call.includes('--destroy'))).toEqual([]);
  github.closed.add(1);
  expectSuccess(await cleanUp());
  expect(calls().filter((call) => call.includes('--destroy'))).toHaveLength(2);
});

test('a scheduled rehearsal is refused where no harmless write is named', async () => {
  const calendar = mkdtempSync(path.join(folder, 'calendar-'));
  const date = '#!/bin/sh\nPATH=${PATH#*:}\nexec date --date 2026-10-06 "$@"\n';
  writeFileSync(path.join(calendar, 'date'), date, { mode: 0o755 });
  const env = { ...runner.env, PATH: `${calendar}:${runner.env['PATH'] ?? ''}` };
  const run = await runJob({ ...runner, env }, 'drill-open.yml', 'open', {
    github: { event_name: 'schedule' },
  });
  expect(run.conclusion).toBe('failure');
  expect(run.log).toContain('::error::no rehearsal is opened: set the variable DRILL_REHEARSAL_MATCH');
});
