import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { findDrill } from '../lib/artefact-files';
import { output, runScript, scriptCommand } from '../lib/cli';
import { EXIT, RefusalError, valueOf, type ExitCode } from '../lib/errors';
import { renderComment, renderRefusedComment, type GuardVerdict } from '../lib/report/comment';
import { readJudgedReport } from '../lib/report/read-judged-report';
import { formatInstant, microsFromMillis } from '../lib/time';

const command = scriptCommand(
  'comment',
  "Prints the comment for a drill's pull request as Markdown: what happened, the restore point, old and new, verdicts, what comes next. Posts nothing.",
  ['--drill 2026-01-02-accounts', '--drill 2026-01-02-accounts --guard restore=guard-restore.json'],
)
  .option('--drill <id>', 'which drill; otherwise the variable DRILL, or the only one there is')
  .option('--guard <stack=file...>', "what 'npm run guard -- --json' printed for a stack", [])
  .option('--failed <job>', 'a job of the pipeline that failed, and its step: the comment begins with it')
  .option('--run <url>', 'where the log of that job is');

const answer = z.union([
  z.object({ verdict: z.literal('pass') }),
  z.object({ verdict: z.literal('not-applicable'), because: z.string() }),
  z.object({
    verdict: z.literal('fail'),
    findings: z.array(z.object({ address: z.string(), problem: z.string() })),
  }),
]);
const guardReport = z.union([
  z.object({
    verdict: z.enum(['pass', 'refused']),
    rules: z.array(z.object({ name: z.string(), title: z.string(), answer })),
  }),
  z
    .object({ refused: z.object({ message: z.string(), hint: z.string() }) })
    .transform(({ refused }) => ({ verdict: 'not-judged' as const, refused })),
]);

const options = z.object({
  drill: z.string().optional(),
  failed: z.string().min(1).optional(),
  run: z.string().optional(),
  guard: z.array(
    z
      .string()
      .regex(/^(restore|repoint)=./, 'a stack and a file, such as restore=guard-restore.json')
      .transform((text) => ({ stack: text.slice(0, 7), file: text.slice(8) })),
  ),
});

void runScript(command, options, ({ guard, failed: what, run, ...named }): ExitCode => {
  const drill = valueOf(findDrill(named.drill ?? process.env['DRILL']));
  const failed = what === undefined ? undefined : { what, run };
  const built = readJudgedReport(drill, formatInstant(microsFromMillis(Date.now())));
  if (built.ok) {
    output.result(renderComment(built.value, guard.map(readGuard), failed).trimEnd());
  } else {
    output.refusal(built.refusal);
    output.result(renderRefusedComment(drill, built.refusal, failed).trimEnd());
  }
  return EXIT.ok;
});

/** @throws RefusalError for what guard did not print */
function readGuard({ stack, file }: { stack: string; file: string }): GuardVerdict {
  const notGuards = (why: string): RefusalError =>
    new RefusalError({
      reason: 'not-a-guard-report',
      message: `${file} is not what the guard prints: ${why}`,
      hint: `make it with 'npm run --silent guard -- --stack ${stack} --json > ${file}'`,
    });
  try {
    const parsed = guardReport.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (parsed.success) return { stack, ...parsed.data };
    throw notGuards(z.prettifyError(parsed.error));
  } catch (error) {
    if (error instanceof SyntaxError) throw notGuards('it is not JSON');
    throw error;
  }
}
