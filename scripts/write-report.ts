import path from 'node:path';
import { z } from 'zod';
import { drillDirectory, findDrill, writeWhole } from '../lib/artefact-files';
import { sha256Of } from '../lib/artefacts/artefact';
import { output, runScript, scriptCommand } from '../lib/cli';
import { EXIT, valueOf, type ExitCode } from '../lib/errors';
import { renderHtml } from '../lib/report/html';
import { renderMarkdown } from '../lib/report/markdown';
import { missedOf, outcomeInWords } from '../lib/report/outcome-words';
import { readJudgedReport } from '../lib/report/read-judged-report';
import { describeTarget } from '../lib/report/targets';
import { formatInstant, microsFromMillis } from '../lib/time';

const command = scriptCommand(
  'report',
  'Writes report.md (for a pull request) and report.html (one file, works anywhere) from whatever a drill has left, however it ended. Ends with 3 where a target in restore-drill.yaml is missed.',
  ['--drill rehearsal-20260102-030405', '--drill incident-42 --json'],
)
  .option('--drill <id>', 'which drill; otherwise the variable DRILL, or the only one there is')
  .option('--json', 'print what the report says as JSON', false);

void runScript(command, z.object({ drill: z.string().optional(), json: z.boolean() }), writeReport);

function writeReport(options: { drill?: string | undefined; json: boolean }): ExitCode {
  const drill = valueOf(findDrill(options.drill ?? process.env['DRILL']));
  const now = formatInstant(microsFromMillis(Date.now()));
  const built = readJudgedReport(drill, now);
  if (!built.ok && built.refusal.reason === 'nothing-to-report') {
    output.say(`nothing found: ${built.refusal.message}\n  next: ${built.refusal.hint}`);
    return EXIT.nothingFound;
  }
  const model = valueOf(built);
  const page = renderHtml(model);
  const files = [
    { name: 'report.html', text: page },
    { name: 'report.md', text: renderMarkdown(model, sha256Of(page)) },
  ].map(({ name, text }) => ({ path: path.join(drillDirectory(drill), name), text }));
  for (const file of files) writeWhole(file.path, file.text);

  const { outcome, targets: judged } = model;
  output.say(`drill ${drill}: ${outcomeInWords(outcome.kind, judged).toLowerCase()}: ${outcome.headline}`);
  const written = files.map((file) => `${sha256Of(file.text)}  ${file.path}`).join('\n');
  if (options.json) {
    output.say(`the report is written:\n${written}`);
    output.result(JSON.stringify(model, null, 2));
  } else {
    output.result(written);
  }
  const missed = missedOf(judged);
  if (missed.length === 0) return EXIT.ok;
  output.refusal({
    reason: 'target-missed',
    message: `drill '${drill}' missed its target: ${missed.map(describeTarget).join('; ')}`,
    hint: 'the report says which steps took how long; targets are set in restore-drill.yaml',
  });
  return EXIT.refused;
}
