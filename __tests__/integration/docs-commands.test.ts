import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { codeBlocksOf, linkProject, ownEnvironment, PAGES, readPage } from './documented-commands';

const ROOT = path.resolve(__dirname, '../..');
const { scripts } = z
  .looseObject({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')));

interface Line {
  readonly page: string;
  readonly line: string;
}

/** Lines that are not run here: by which test they are, or why by none. Each must still stand on a page. */
const EXEMPT: readonly {
  readonly line: RegExp;
  readonly why: string;
  readonly runBy?: [file: string, text: string];
}[] = [
  { line: /^npm (ci|test)$/, why: 'how this test got here' },
  { line: /^npm run (check|test:unit|build:wasm)$/, why: 'for those who work on this project; CI runs them' },
  { line: /^(export|source|cd) /, why: 'sets the shell' },
  { line: /^git (clone|add|commit) /, why: 'a repository of the reader’s own' },
  { line: /^(sed|mv) /, why: 'no command of ours', runBy: ['e2e/tutorial.test.ts', 'docs/TUTORIAL.md'] },
  { line: /^aws /, why: 'AWS CLI', runBy: ['integration/sandbox-aws-cli.test.ts', "'describe-db-clusters'"] },
  { line: /^curl /, why: 'control', runBy: ['e2e/tutorial.test.ts', "'README.md'"] },
  {
    line: /^(DRILL=spring npx cdktf|terraform -chdir=cdktf.out)/,
    why: 'needs a restored cluster',
    runBy: ['e2e/tutorial.test.ts', 'docs/PIPELINES.md'],
  },
  {
    line: /^terraform -chdir=drills\/spring\S+ (state|import) /,
    why: 'needs a restored cluster',
    runBy: ['e2e/tutorial.test.ts', 'docs/ADOPTION.md'],
  },
  {
    line: /^terraform .* untaint /,
    why: 'needs an apply that was killed',
    runBy: ['integration/terraform-apply.test.ts', "'untaint', CLUSTER"],
  },
];

/** What goes on until it is stopped: its first words show that its options were taken. */
const BEGINS = /^drill rehearsal-|^{"endpointUrl"/m;

const lines = PAGES.flatMap((page) => linesOf(page, readPage(page)));
const exempt = ({ line }: Line): boolean => EXEMPT.some((one) => one.line.test(line));
const folder = linkProject();
afterAll(() => {
  rmSync(folder, { recursive: true });
});

jest.setTimeout(20 * 60_000);

test('every command that a page names is there', () => {
  const named = PAGES.flatMap((page) =>
    [...readPage(page).matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, script = '']) => ({
      page,
      script,
    })),
  );
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter(({ script }) => scripts[script] === undefined)).toEqual([]);
});

test('every block of a page says what it is, so that no command hides in one', () => {
  const unnamed = PAGES.flatMap((page) =>
    codeBlocksOf(readPage(page))
      .filter(({ language }) => !['sh', 'text', 'json', 'yaml', 'hcl', 'mermaid'].includes(language))
      .map(({ text }) => `${page}: ${text}`),
  );
  expect(unnamed).toEqual([]);
});

test('every line that a page shows is understood by the very command, with all of its options', async () => {
  const typed = [...new Set(lines.filter((line) => !exempt(line)).map(({ line }) => line))];
  expect(typed.length).toBeGreaterThan(50);
  const answers = await eachOf(typed, 3, async (line) => ({ line, ...(await type(line)) }));
  const wrong = answers.filter(
    ({ exitCode, said }) => exitCode === 2 || exitCode > 4 || /^wrong|error:/.test(said),
  );
  expect(wrong).toEqual([]);
});

test('what is exempt from that still stands on a page, and is run where it is said to be', () => {
  expect(EXEMPT.filter((one) => !lines.some(({ line }) => one.line.test(line)))).toEqual([]);
  const elsewhere = EXEMPT.flatMap(({ runBy }) => (runBy === undefined ? [] : [runBy]));
  expect(
    elsewhere.filter(
      ([file, text]) => !readFileSync(path.join(ROOT, '__tests__', file), 'utf8').includes(text),
    ),
  ).toEqual([]);
});

/** The lines of a page's blocks for a shell, the commands in its pipelines, and those with options in its text. */
function linesOf(page: string, text: string): readonly Line[] {
  const whole = text.replace(/\\\n\s*/g, ' ');
  const blocks = codeBlocksOf(whole);
  const inShell = blocks.flatMap((block) => (block.language === 'sh' ? block.text.split('\n') : []));
  const inYaml = blocks.flatMap((block) =>
    block.language === 'yaml' ? [...block.text.matchAll(/npm (?:run|ci).*$/gm)].map(([line]) => line) : [],
  );
  const inText = [...whole.matchAll(/`((?:npm run [\w:-]+ --|terraform|npx) [^`]*)`/g)].map(
    ([, line = '']) => line,
  );
  return [...inShell, ...inYaml, ...inText.filter((line) => line.includes(' -'))]
    .flatMap((line) => line.replace(/\s+#\s.*$/, '').split(' && '))
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => ({ page, line }));
}

interface Answer {
  readonly exitCode: number;
  readonly said: string;
}

/** Types it into a shell of a project without drills, where no cloud answers: past its usage check it is refused, or fails. */
async function type(line: string): Promise<Answer> {
  const env = ownEnvironment({
    DRILL: 'spring',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_MAX_ATTEMPTS: '1',
  });
  const child = spawn('bash', ['-c', line], {
    cwd: folder,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const begun = new AbortController();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said += String(chunk);
      if (begun.signal.aborted || !BEGINS.test(said) || child.pid === undefined) return;
      begun.abort();
      process.kill(-child.pid, 'SIGTERM');
    });
  }
  const [code] = (await once(child, 'exit')) as [number | null];
  return { exitCode: begun.signal.aborted ? 0 : (code ?? 5), said };
}

/** Answers in the order of `items`, so many at a time. */
async function eachOf<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const answers: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) {
      const item = items[i];
      if (item !== undefined) answers[i] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return answers;
}
