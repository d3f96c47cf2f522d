import path from 'node:path';
import { z } from 'zod';
import { drillDirectory, findDrill, readArtefact, writeWhole } from '../lib/artefact-files';
import { sha256Of } from '../lib/artefacts';
import { output, runScript, scriptCommand } from '../lib/cli';
import { EXIT, valueOf, type ExitCode } from '../lib/errors';
import { renderHtml } from '../lib/report/html';
import { renderMarkdown } from '../lib/report/markdown';
import { buildReportModel } from '../lib/report/model';
import { OUTCOME_WORDS } from '../lib/report/outcome-words';
import { formatInstant, microsFromMillis } from '../lib/time';

const command = scriptCommand(
  'report',
  'Writes report.md (for a pull request) and report.html (one file, works anywhere) from whatever a drill has left, however it ended.',
  ['--drill rehearsal-20260102-030405', '--drill incident-42 --json'],
)
  .option('--drill <id>', 'which drill; otherwise the variable DRILL, or the only one there is')
  .option('--json', 'print what the report says as JSON', false);

void runScript(command, z.object({ drill: z.string().optional(), json: z.boolean() }), writeReport);

function writeReport(options: { drill?: string | undefined; json: boolean }): ExitCode {
  const drill = valueOf(findDrill(options.drill ?? process.env['DRILL']));
  const built = buildReportModel({
    drill,
    madeAt: formatInstant(microsFromMillis(Date.now())),
    files: {
      incident: readArtefact(drill, 'incident'),
      restorePlan: readArtefact(drill, 'restorePlan'),
      verification: readArtefact(drill, 'verification'),
      repointPlan: readArtefact(drill, 'repointPlan'),
      timeline: readArtefact(drill, 'timeline'),
    },
  });
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

  const { outcome } = model;
  output.say(`drill ${drill}: ${OUTCOME_WORDS[outcome.kind].toLowerCase()}: ${outcome.headline}`);
  const written = files.map((file) => `${sha256Of(file.text)}  ${file.path}`).join('\n');
  if (options.json) {
    output.say(`the report is written:\n${written}`);
    output.result(JSON.stringify(model, null, 2));
  } else {
    output.result(written);
  }
  return EXIT.ok;
}
