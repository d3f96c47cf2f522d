import { DescribeDBClustersCommand, ModifyDBClusterCommand, RDSClient } from '@aws-sdk/client-rds';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
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
  /^statement +DELETE FROM accounts[^]*^wrote \d+ lost writes to lost-writes[.]sql/m,
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
  const rds = clientOf(env);
  // a cluster that has just begun has no backup yet
  while (!(await isRestorable(rds))) await sleep(200);
  const incident = 'curl -sS -X POST "$AWS_ENDPOINT_URL/_sandbox/incidents/delete-autocommit"';
  expect((await typeInto(folder, incident, env)).output).toContain('DELETE');
  const blocks = commandsOfPage();
  expect(blocks).toHaveLength(GOOD.length);
  for (const [i, commands] of blocks.entries()) {
    // the page does so by `aws rds modify-db-cluster`; after the way back it is the restored cluster that ends
    if (commands.includes('npm run retire')) {
      const DBClusterIdentifier = 'trading-night';
      await rds.send(new ModifyDBClusterCommand({ DBClusterIdentifier, DeletionProtection: false }));
    }
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
  rds.destroy();
  expect(existsSync(path.join(folder, 'lost-writes.sql'))).toBe(true);
});

function clientOf(env: NodeJS.ProcessEnv): RDSClient {
  return new RDSClient({
    endpoint: env['AWS_ENDPOINT_URL'] ?? '',
    region: env['AWS_REGION'] ?? '',
    credentials: { accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '', secretAccessKey: 'any' },
  });
}

async function isRestorable(rds: RDSClient): Promise<boolean> {
  const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: 'trading' }));
  return DBClusters?.[0]?.LatestRestorableTime !== undefined;
}

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
