import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const step = z.looseObject({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
});
const job = z.looseObject({
  steps: z.array(step),
  'timeout-minutes': z.number(),
  permissions: z.record(z.string(), z.string()).optional(),
  concurrency: z.looseObject({ group: z.string() }).optional(),
  environment: z.string().optional(),
});
const workflow = z.looseObject({
  on: z.record(z.string(), z.unknown()),
  permissions: z.record(z.string(), z.string()).optional(),
  jobs: z.record(z.string(), job),
});
const action = z.looseObject({ runs: z.looseObject({ using: z.string(), steps: z.array(step) }) });

const GITHUB = path.resolve(__dirname, '../../.github');
const workflows = readdirSync(path.join(GITHUB, 'workflows')).map((file) => ({
  file,
  content: workflow.parse(parse(readFileSync(path.join(GITHUB, 'workflows', file), 'utf8'))),
}));
const actions = readdirSync(path.join(GITHUB, 'actions')).map((name) => ({
  file: `${name}/action.yml`,
  content: action.parse(parse(readFileSync(path.join(GITHUB, 'actions', name, 'action.yml'), 'utf8'))),
}));
const steps = [
  ...workflows.flatMap(({ file, content }) =>
    Object.values(content.jobs).flatMap((one) => one.steps.map((each) => ({ file, ...each }))),
  ),
  ...actions.flatMap(({ file, content }) => content.runs.steps.map((each) => ({ file, ...each }))),
];
const packageScripts = z
  .looseObject({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(path.resolve(__dirname, '../../package.json'), 'utf8'))).scripts;

describe('the workflows', () => {
  test('pin every action by commit', () => {
    const foreign = steps.flatMap(({ uses }) => (uses === undefined || uses.startsWith('./') ? [] : [uses]));
    expect(foreign.length).toBeGreaterThan(5);
    expect(foreign.filter((uses) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(uses))).toEqual([]);
  });

  test('hand every value to a shell as an environment variable, so that no title or name can inject a command', () => {
    const scripts = steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
    expect(scripts.length).toBeGreaterThan(10);
    expect(scripts.filter((run) => run.includes('${{'))).toEqual([]);
  });

  test.each(workflows)(
    '$file asks for nothing by default, and for no more than a job needs',
    ({ content }) => {
      expect(content.permissions).toEqual({});
      for (const { permissions = {} } of Object.values(content.jobs)) {
        expect(Object.keys(permissions).sort()).toEqual(
          Object.keys(permissions)
            .filter((name) => ['actions', 'contents', 'id-token', 'pull-requests'].includes(name))
            .sort(),
        );
        // to see whether environments have reviewers
        expect(['read', undefined]).toContain(permissions['actions']);
        expect(permissions).toHaveProperty('contents');
      }
    },
  );

  test('run the code of a pull request with its own rights only, never as pull_request_target', () => {
    expect(workflows.flatMap(({ content }) => Object.keys(content.on))).not.toContain('pull_request_target');
  });

  test('apply only behind an environment that people protect, and one at a time', () => {
    const applying = workflows.flatMap(({ content }) =>
      Object.values(content.jobs).filter((one) =>
        one.steps.some(({ run = '' }) => run.includes('run --silent apply')),
      ),
    );
    expect(applying).toHaveLength(3);
    for (const { environment, concurrency } of applying) {
      expect(environment).toMatch(/^drill-(restore|repoint)$/);
      // whatever clusters a drill has: a group that named one of them would let another drill of the next one run
      expect(concurrency).toEqual({ group: 'restore-drill', 'cancel-in-progress': false });
    }
  });

  test('log in for as long as a job may take', () => {
    const jobs = workflows.flatMap(({ content }) => Object.values(content.jobs));
    const logins = jobs.flatMap(({ 'timeout-minutes': minutes, steps: ofJob }) =>
      ofJob
        .filter(({ uses }) => uses === './.github/actions/set-up')
        .map((one) => ({ minutes, seconds: Number(one.with['duration'] ?? 3600) })),
    );
    expect(logins.length).toBeGreaterThan(4);
    expect(logins.filter(({ minutes, seconds }) => seconds < minutes * 60)).toEqual([]);
  });

  test('run no later commit than the event was about, or than was reviewed', () => {
    const refs = steps.flatMap(({ uses = '', with: { ref } }) =>
      uses.startsWith('actions/checkout@') && ref !== undefined ? [ref] : [],
    );
    expect(refs.length).toBeGreaterThan(5);
    const commit =
      /^\$\{\{ (github[.]event[.]pull_request[.]head[.]sha|needs[.]restore[.]outputs[.]repointable) \}\}$/;
    expect(refs.filter((ref) => typeof ref !== 'string' || !commit.test(ref))).toEqual([]);
  });

  test('run the guard before every apply, of the same stack', () => {
    for (const { content } of workflows) {
      for (const { steps: ofJob } of Object.values(content.jobs)) {
        const commands = ofJob.map(({ run = '' }) => run);
        commands.forEach((run, i) => {
          const [, rest] =
            /run --silent apply -- --drill "\$DRILL" (--stack \w+(?: --destroy)?)/.exec(run) ?? [];
          if (rest === undefined) return;
          expect(
            commands.slice(0, i).some((earlier) => earlier.includes(`guard -- --drill "$DRILL" ${rest}`)),
          ).toBe(true);
        });
      }
    }
  });

  test('run only commands that there are', () => {
    const named = steps.flatMap(({ run = '' }) =>
      [...run.matchAll(/npm run --silent ([\w-]+)/g)].map(([, name]) => name),
    );
    expect(named.length).toBeGreaterThan(10);
    expect([...new Set(named)].filter((name) => packageScripts[name ?? ''] === undefined)).toEqual([]);
  });
});
