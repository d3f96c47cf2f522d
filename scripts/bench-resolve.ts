import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { output, runScript, scriptCommand } from '../lib/cli';
import { EXIT } from '../lib/errors';
import {
  auroraLine,
  generateAuditLog,
  pgauditLine,
  slowLogLine,
  type GeneratedLog,
  type GenerateOptions,
} from './bench/generate-audit-log';
import { isThere, measure } from './bench/measure';

const command = scriptCommand(
  'bench:resolve',
  'Measures resolve over a generated audit log side by side with ripgrep, Python, pgBadger and pt-query-digest.',
  ['', '--size 4000'],
)
  .option('--size <megabytes>', 'size of the audit log', '1000')
  .option(
    '--peer-size <megabytes>',
    'size of the logs for pgBadger and pt-query-digest, which are slow',
    '100',
  )
  .option('--seed <n>', 'makes the logs repeatable', '1')
  .option('--folder <path>', 'where to keep the logs meanwhile', tmpdir());

const options = z.strictObject({
  size: z.coerce.number().positive(),
  peerSize: z.coerce.number().positive(),
  seed: z.coerce.number().int(),
  folder: z.string(),
});

const PYTHON =
  'import csv,sys\nn=0\nfor row in csv.reader(open(sys.argv[1],newline="",errors="replace"),quotechar="\'",escapechar="\\\\"): n+=len(row)\nprint(n)';

void runScript(command, options, async ({ size, peerSize, seed, folder }) => {
  const work = mkdtempSync(path.join(folder, 'bench-resolve-'));
  try {
    const make = (
      name: string,
      megabytes: number,
      format: GenerateOptions['format'],
    ): [string, GeneratedLog] => {
      const file = path.join(work, name);
      const task = output.task(`generating ${name}, ${megabytes} MB`);
      const made = generateAuditLog({ path: file, bytes: megabytes * 1e6, seed, format });
      task.done(`generated ${name}: ${made.lines} lines`);
      return [file, made];
    };
    const [audit, truth] = make('audit.log', size, auroraLine);
    const resolve = [
      // as in package.json: young garbage is collected before it makes the process large
      '--max-semi-space-size=4',
      '--import',
      'tsx',
      path.join(__dirname, 'resolve-incident.ts'),
      '--cluster',
      'bench',
      '--source',
      'file',
      '--log-file',
      audit,
      '--json',
    ];
    const restoreTo = await compare('resolve', truth.bytes, process.execPath, resolve);
    if (restoreTo !== null) checkAnswer(restoreTo, truth);
    await compare('ripgrep -c -i delete', truth.bytes, 'rg', ['-c', '-i', 'delete', audit]);
    await compare("Python's csv", truth.bytes, 'python3', ['-c', PYTHON, audit]);
    if (isThere('pgbadger')) {
      const [file, made] = make('postgresql.log', peerSize, pgauditLine);
      const prefix = '%t:%r:%u@%d:[%p]:';
      await compare('pgBadger', made.bytes, 'pgbadger', [
        '-q',
        '-f',
        'stderr',
        '-p',
        prefix,
        '-o',
        path.join(work, 'report.html'),
        file,
      ]);
    } else output.result('pgBadger                  not installed: skipped');
    if (isThere('pt-query-digest')) {
      const [file, made] = make('slow.log', peerSize, slowLogLine);
      await compare('pt-query-digest', made.bytes, 'pt-query-digest', [file]);
    } else output.result('pt-query-digest           not installed: skipped');
    return EXIT.ok;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
});

/** Prints one line of the comparison; gives what the program printed. */
async function compare(
  name: string,
  bytes: number,
  program: string,
  args: readonly string[],
): Promise<string | null> {
  const title = name.padEnd(25);
  if (!isThere(program)) {
    output.result(`${title} not installed: skipped`);
    return null;
  }
  const task = output.task(name);
  const measured = await measure(program, args);
  task.stop();
  if (measured === null) {
    output.result(`${title} failed`);
    return null;
  }
  const speed = `${(bytes / 1e6 / measured.seconds).toFixed(0).padStart(6)} MB/s`;
  const memory =
    measured.peakBytes === null ? '' : `${(measured.peakBytes / 1e6).toFixed(0).padStart(6)} MB memory`;
  output.result(`${title} ${speed}  ${measured.seconds.toFixed(1).padStart(6)} s  ${memory}`);
  return measured.stdout;
}

/** A wrong answer has no speed. */
function checkAnswer(stdout: string, { committedAt }: GeneratedLog): void {
  const { restoreTo } = z.object({ restoreTo: z.string() }).parse(JSON.parse(stdout));
  const ahead = committedAt / 1000 - Date.parse(restoreTo);
  if (ahead <= 0 || ahead > 2000)
    throw new Error(`the answer ${restoreTo} is not within 2 s before the commit`);
}
