import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  codeBlocksOf,
  linkProject,
  readPage,
  typeInto,
  type Typed,
} from '../integration/documented-commands';

jest.setTimeout(30 * 60_000);

/** A block of commands of the tutorial, and what the page says that it prints. */
interface Lesson {
  readonly commands: string;
  readonly shown: string;
}

const lessons = readLessons();
const folder = linkProject();
let sandbox = 0;

afterAll(async () => {
  if (sandbox > 0 && existsSync(`/proc/${sandbox}`)) process.kill(sandbox);
  while (sandbox > 0 && existsSync(`/proc/${sandbox}`)) await sleep(100);
  rmSync(folder, { recursive: true });
});

/** What the drill leaves: the file that leads a shell to its sandbox, and its id. */
let environment = '';
let drill = '';

test('the tutorial can be followed to its end, and every command prints what the page shows', async () => {
  expect(lessons.length).toBeGreaterThan(8);
  for (const { commands, shown } of lessons) {
    const { exitCode, output } = await type(commands.replace('npm ci\n', ''));
    sandbox = Number(/goes on as process (\d+)/.exec(output)?.[1] ?? sandbox);
    environment = /to work with it: source (\S+)/.exec(output)?.[1] ?? environment;
    drill = path.basename(path.resolve(environment, '../..'));
    const expected = /^refused: /m.test(shown) ? 3 : 0;
    expect({ commands, exitCode, output: exitCode === expected ? '' : output }).toEqual({
      commands,
      exitCode: expected,
      output: '',
    });
    expect(missingLine(shown, output) ?? 'nothing is missing').toBe('nothing is missing');
  }
  expect(environment).toMatch(/[/]drills[/]rehearsal-[\d-]+[/]logs[/]environment[.]sh$/);
});

describe('with the cluster that it restored', () => {
  test.each([
    {
      page: 'docs/PIPELINES.md',
      block: 'npx cdktf synth',
      prints: /source-untouched[^]*Apply complete! Resources: 0 added, 0 changed, 0 destroyed/,
    },
    { page: 'docs/ADOPTION.md', block: 'state list', prints: /^aws_rds_cluster[.]cluster-trading$/m },
    { page: 'docs/ADOPTION.md', block: 'state rm', prints: /Successfully removed 2 resource instance/ },
    { page: 'docs/ADOPTION.md', block: '--destroy', prints: /^pass {2}approved-actions/m },
    {
      page: 'docs/ADOPTION.md',
      block: ' import ',
      prints: /(Import successful![^]*){2}^pass {2}approved-actions/m,
    },
    { page: 'README.md', block: 'curl', prints: /"incident"|"sql"/ },
  ])('$page does what it says by: $block', async ({ page, block, prints }) => {
    const found = codeBlocksOf(readPage(page)).find(
      (one) => one.language === 'sh' && one.text.includes(block),
    );
    const commands = (found?.text ?? '')
      .replaceAll('spring', drill)
      .replace(/^aws .*$/gm, '') // not on every machine; sandbox-aws-cli.test.ts has it
      .replace(/^(npm run guard.*) && npm run apply.*$/gm, '$1'); // a minute of the provider's fixed waits
    const { exitCode, output } = await type(commands);
    expect({ exitCode, output: exitCode === 0 ? '' : output }).toEqual({ exitCode: 0, output: '' });
    expect(output).toMatch(prints);
  });
});

function readLessons(): readonly Lesson[] {
  const blocks = codeBlocksOf(readPage('docs/TUTORIAL.md'));
  return blocks.flatMap(({ language, text }, i) => {
    const next = blocks[i + 1];
    // the page's path stands for the one that was printed; every later block is run with that file sourced
    if (language !== 'sh' || text.startsWith('source ')) return [];
    return [{ commands: text, shown: next?.language === 'text' ? next.text : '' }];
  });
}

/**
 * The first line of what the page shows that the output lacks, lines taken in their order. `…` stands
 * for any text; times, durations and counts are those of another day.
 */
function missingLine(shown: string, output: string): string | undefined {
  const lines = output.split('\n').map(general);
  let from = 0;
  for (const line of shown.split('\n').filter((text) => text !== '…' && text.trim() !== '')) {
    const pattern = new RegExp(`^${general(line).split('…').map(literally).join('.*')}$`);
    const at = lines.findIndex((text, i) => i >= from && pattern.test(text));
    if (at === -1) return `${line}\nin\n${lines.slice(from).join('\n')}`;
    from = at + 1;
  }
  return undefined;
}

function general(line: string): string {
  return line
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/\b\d[\d.,:TZ-]*( (ms|s|min|h|d)\b( \d+ (s|min))?)?/g, '#');
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Types lines into a shell, in which the drill's environment was read as soon as there is one. */
function type(lines: string): Promise<Typed> {
  return typeInto(folder, `${environment === '' ? '' : `source '${environment}'\n`}${lines}`);
}
