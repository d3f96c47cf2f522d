import { spawnSync } from 'node:child_process';
import { parse } from 'yaml';
import { z } from 'zod';
import { codeBlocksOf, readPage } from '../integration/documented-commands';

const page = readPage('docs/PIPELINES.md');
const blocks = codeBlocksOf(page)
  .filter(({ language }) => language === 'yaml')
  .map(({ text }): unknown => parse(text, { merge: true }));

const lines = z.array(z.string()).default([]);
const gitlabJob = z.looseObject({
  extends: z.string().optional(),
  stage: z.string().optional(),
  environment: z.string().optional(),
  resource_group: z.string().optional(),
  before_script: lines,
  script: lines,
  after_script: lines,
});
type GitlabJob = z.infer<typeof gitlabJob>;
const gitlab = z
  .looseObject({ stages: z.array(z.string()), variables: z.record(z.string(), z.unknown()) })
  .parse(blockWith('stages'));
const jobs = Object.entries(gitlab)
  .filter(([name]) => !['stages', 'variables'].includes(name))
  .map(([name, job]) => ({ name, ...gitlabJob.parse(job) }));

function blockWith(key: string): unknown {
  return blocks.find((block) => typeof block === 'object' && block !== null && Object.hasOwn(block, key));
}

/** A job's own keys, and those of what it extends. */
function ancestry(job: GitlabJob): readonly GitlabJob[] {
  const parent = jobs.find(({ name }) => name === job.extends);
  return parent === undefined ? [job] : [job, ...ancestry(parent)];
}

const atlantisStep = z.looseObject({ run: z.string().optional(), env: z.unknown().optional() });
const stage = z.object({ steps: z.array(atlantisStep) });
const atlantis = z
  .looseObject({
    projects: z.array(z.looseObject({ name: z.string(), workflow: z.string(), dir: z.string() })),
    workflows: z.record(z.string(), z.object({ plan: stage, apply: stage })),
  })
  .parse(blockWith('workflows'));

describe("the page's GitLab pipeline", () => {
  test('compares with where the merge request began, which a shallow clone lacks', () => {
    expect(gitlab.variables).toEqual({ GIT_DEPTH: 0 });
  });

  test('has every step of the flow, and runs each in a stage that there is', () => {
    const shown = jobs.filter(({ name, script }) => !name.startsWith('.') && script.length > 0);
    expect(shown.map(({ name }) => name)).toEqual([
      ...['open', 'review', 'restore', 'repoint', 'back', 'clean-up'],
    ]);
    expect(shown.filter((job) => !gitlab.stages.includes(job.stage ?? ''))).toEqual([]);
    const commands = shown.flatMap(({ script }) => script).join('\n');
    const named = [...commands.matchAll(/npm run --silent ([\w-]+)/g)].map(([, command]) => command);
    expect([...new Set(named)].sort()).toEqual(
      ['apply', 'arrival', 'guard', 'plan', 'plan-repoint', 'preflight', 'resolve', 'undo', 'verify'].sort(),
    );
  });

  test('applies behind an environment, one at a time, what the guard let pass, and keeps evidence and comment', () => {
    const applying = jobs.filter(({ script }) => script.some((line) => / (apply|undo) -- /.test(line)));
    expect(applying.map(({ name }) => name)).toEqual(['restore', 'repoint', 'back', 'clean-up']);
    for (const job of applying) {
      expect(job.environment).toMatch(/^drill-(restore|repoint)$/);
      const family = ancestry(job);
      expect(family.map(({ resource_group: group }) => group)).toContain('restore-drill');
      const after = family.flatMap(({ after_script: script }) => script).join('\n');
      expect(after).toMatch(/comment -- [^]*report -- [^]*git push/);
      job.script.forEach((line, i) => {
        const [, stack] = / apply -- --drill "\$DRILL" (--stack .*)$/.exec(line) ?? [];
        const earlier = job.script.slice(0, i).join('\n');
        expect(stack === undefined || earlier.includes(`guard -- --drill "$DRILL" ${stack}`)).toBe(true);
      });
    }
  });

  test.each(jobs)('$name is a script that bash reads', ({ before_script, script, after_script }) => {
    for (const text of [before_script, script, after_script].map((one) => one.join('\n'))) {
      expect(spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' }).stderr).toBe('');
    }
  });
});

describe("the page's Atlantis workflows", () => {
  test('guard and apply both stacks of the drill that the pull request changes', () => {
    expect(atlantis.projects.map(({ name, workflow, dir }) => ({ name, workflow, dir }))).toEqual([
      { name: 'restore', workflow: 'drill-restore', dir: '.' },
      { name: 'repoint', workflow: 'drill-repoint', dir: '.' },
    ]);
    for (const { name, workflow } of atlantis.projects) {
      const { plan, apply } = atlantis.workflows[workflow] ?? { plan: { steps: [] }, apply: { steps: [] } };
      const [planned, applied] = [plan, apply].map(({ steps }) => steps.map(({ run }) => run));
      expect(planned).toContain(`npm run --silent guard -- --drill "$DRILL" --stack ${name}`);
      expect(applied).toContain(`npm run --silent apply -- --drill "$DRILL" --stack ${name}`);
      for (const { steps } of [plan, apply]) expect(steps[0]?.env).toMatchObject({ name: 'DRILL' });
    }
  });
});

describe('what has to be set up once', () => {
  const everything = readPage('.github/workflows/drill-open.yml') + readPage('.github/workflows/drill.yml');
  const named = [
    ...new Set([...everything.matchAll(/(?:vars|secrets)[.](\w+)/g)].map(([, name = '']) => name)),
  ];

  test.each(named)('%s stands on the page', (name) => {
    expect(page).toContain(`\`${name}\``);
  });

  test.each([
    'take back',
    'Allow GitHub Actions to create and approve pull requests',
    'max-session-duration',
  ])('%s stands on the page', (text) => {
    expect(page).toContain(text);
  });
});
