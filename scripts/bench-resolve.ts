import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { output, runScript, scriptCommand } from '../lib/cli';
import { EXIT } from '../lib/errors';
import { AIMS, renderAims } from './bench/aims';
import { Contest } from './bench/contest';
import {
  auroraLine,
  generateAuditLog,
  pgauditLine,
  slowLogLine,
  type GeneratedLog,
  type GenerateOptions,
} from './bench/generate-audit-log';

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
  .option('--rounds <n>', 'how often each program runs; its best time counts', '5')
  .option('--seed <n>', 'makes the logs repeatable', '1')
  .option('--folder <path>', 'where to keep the logs meanwhile', tmpdir());

const options = z.strictObject({
  size: z.coerce.number().positive(),
  peerSize: z.coerce.number().positive(),
  rounds: z.coerce.number().int().min(1),
  seed: z.coerce.number().int(),
  folder: z.string(),
});

const PYTHON =
  'import csv,sys\nn=0\nfor row in csv.reader(open(sys.argv[1],newline="",errors="replace"),quotechar="\'",escapechar="\\\\"): n+=len(row)\nprint(n)';
/** As `npm run resolve` does. */
const RESOLVE = [
  '--max-semi-space-size=8',
  '--single-threaded-gc',
  '--no-allocation-site-pretenuring',
  '--require',
  path.join(__dirname, '../lib/load-typescript.cjs'),
  path.join(__dirname, 'resolve-incident.ts'),
];

void runScript(command, options, async ({ size, peerSize, rounds, seed, folder }) => {
  const work = mkdtempSync(path.join(folder, 'bench-resolve-'));
  try {
    const make = (
      name: string,
      megabytes: number,
      format: GenerateOptions['format'],
    ): GeneratedLog & { readonly file: string } => {
      const file = path.join(work, name);
      const task = output.task(`generating ${name}, ${megabytes} MB`);
      const made = generateAuditLog({ path: file, bytes: megabytes * 1e6, seed, format });
      task.done(`generated ${name}: ${made.lines} lines`);
      return { ...made, file };
    };
    const audit = make('audit.log', size, auroraLine);
    const resolve = ['--cluster', 'bench', '--source', 'file', '--log-file', audit.file, '--json'];
    const contest = new Contest()
      .add('resolve', audit.bytes, process.execPath, [...RESOLVE, ...resolve], (stdout) => {
        checkAnswer(stdout, audit);
      })
      .add('ripgrep -c -i delete', audit.bytes, 'rg', ['-c', '-i', 'delete', audit.file])
      .add("Python's csv", audit.bytes, 'python3', ['-c', PYTHON, audit.file]);
    if (contest.has('pgbadger')) {
      const { file, bytes } = make('postgresql.log', peerSize, pgauditLine);
      const report = path.join(work, 'report.html');
      const prefix = '%t:%r:%u@%d:[%p]:';
      contest.add('pgBadger', bytes, 'pgbadger', ['-q', '-f', 'stderr', '-p', prefix, '-o', report, file]);
      const pgaudit = resolve.map((each) => (each === audit.file ? file : each));
      contest.add('resolve of pgaudit', bytes, process.execPath, [...RESOLVE, ...pgaudit]);
    } else output.result('pgBadger is not installed: skipped');
    if (contest.has('pt-query-digest')) {
      const { file, bytes } = make('slow.log', peerSize, slowLogLine);
      contest.add('pt-query-digest', bytes, 'pt-query-digest', [file]);
    } else output.result('pt-query-digest is not installed: skipped');
    await contest.run(rounds, (name) => output.task(name));
    const lines = [...contest.render('resolve'), ...renderAims(AIMS, contest.figures())];
    for (const line of lines) output.result(line);
    return EXIT.ok;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
});

/** A wrong answer has no speed. */
function checkAnswer(stdout: string, { committedAt }: GeneratedLog): void {
  const { restoreTo } = z.object({ restoreTo: z.string() }).parse(JSON.parse(stdout));
  const ahead = committedAt / 1000 - Date.parse(restoreTo);
  if (ahead <= 0 || ahead > 2000)
    throw new Error(`the answer ${restoreTo} is not within 2 s before the commit`);
}
