import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import {
  codeBlocksOf,
  linkProject,
  ownEnvironment,
  readPage,
  typeInto,
} from '../integration/documented-commands';

jest.setTimeout(30 * 60_000);

/** What is the reader's own on the night: repository, roles and secrets. Here the sandbox's environment stands for it. */
const OWN = /^(git|cd|aws) |^npm ci$|^export (AWS_PROFILE|DRILL_DB_SECRET)=/;

/** What good looks like, block by block of the page. */
const GOOD: readonly RegExp[] = [
  /Terraform v/,
  /^pass /m,
  /wrote \d+ lost writes to lost-writes[.]sql[^]*^statement +DELETE FROM accounts/m,
  /point-in-time[^]*^# Restore plan of drill `night`, in earnest$/m,
  /Apply complete! Resources: [1-9]\d* added, 0 changed, 0 destroyed/,
  /^pass /m,
  /^pass {2}damage-absent/m,
  /[/]trading[/]db[/]host/,
  /nothing is changed yet[^]*the fence is set/,
  /Apply complete! Resources: [^]*The application has arrived on the restored cluster/,
  /The application has arrived on the old cluster/,
  /report[.]md$/m,
  /^the restored DB cluster \S+ ends/m,
];

const ready = z.object({ env: z.record(z.string(), z.string()) });
const folder = linkProject();
const sandbox = spawn(process.execPath, ['--import', 'tsx', 'scripts/sandbox.ts'], {
  cwd: folder,
  env: ownEnvironment(),
  stdio: ['ignore', 'pipe', 'ignore'],
});

afterAll(async () => {
  if (sandbox.exitCode === null && sandbox.kill('SIGTERM')) await once(sandbox, 'exit');
  rmSync(folder, { recursive: true });
});

test('the runbook can be followed to its end, and each step looks as the page says', async () => {
  const [line] = (await once(createInterface({ input: sandbox.stdout }), 'line')) as [string];
  const env = ownEnvironment(ready.parse(JSON.parse(line)).env);
  const incident = 'curl -sS -X POST "$AWS_ENDPOINT_URL/_sandbox/incidents/delete-autocommit"';
  expect((await typeInto(folder, incident, env)).output).toContain('DELETE');
  const blocks = commandsOfPage();
  expect(blocks).toHaveLength(GOOD.length);
  for (const [i, commands] of blocks.entries()) {
    const { exitCode, output } = await typeInto(folder, commands, env);
    expect({ commands, exitCode, output: exitCode === 0 ? '' : output }).toEqual({
      commands,
      exitCode: 0,
      output: '',
    });
    expect({ commands, output }).toEqual({
      commands,
      output: expect.stringMatching(GOOD[i] ?? /^$/) as string,
    });
  }
  expect(existsSync(path.join(folder, 'lost-writes.sql'))).toBe(true);
});

function commandsOfPage(): readonly string[] {
  return codeBlocksOf(readPage('docs/RUNBOOK.md'))
    .filter(({ language, text }) => language === 'sh' && !text.includes('untaint'))
    .map(({ text }) =>
      text
        .split('\n')
        .filter((each) => !OWN.test(each))
        .join('\n')
        .trim(),
    )
    .filter((text) => text !== '');
}
