import { z } from 'zod';
import { output, runScript, scriptCommand } from '../lib/cli';
import { EXIT, valueOf, type ExitCode } from '../lib/errors';
import { isRed, type DrillSummary } from '../lib/report/drill-summary';
import { readDrillSummaries } from '../lib/report/read-drill-summaries';
import { renderDrillList, renderDrillListMarkdown } from '../lib/report/render-drill-list';
import { readSettings } from '../lib/settings-file';
import { formatInstant, microsFromMillis } from '../lib/time';

const command = scriptCommand(
  'drills',
  'Lists all drills with their results, newest first: how long the recovery took (RTO) and what it gave up (RPO), against the targets in restore-drill.yaml.',
  ['', '--cluster trading --markdown', '--fail-if-red'],
)
  .option('--cluster <id>', 'only drills of this DB cluster')
  .option('--markdown', 'as a Markdown table')
  .option('--fail-if-red', 'exit with 3 if the newest drill failed or missed a target: for a schedule')
  .option('--json', 'print the list as JSON');

const options = z.strictObject({
  cluster: z.string().optional(),
  markdown: z.boolean().default(false),
  failIfRed: z.boolean().default(false),
  json: z.boolean().default(false),
});

void runScript(command, options, ({ cluster, markdown, failIfRed, json }): ExitCode => {
  const { summaries, unreadable } = readDrillSummaries(
    valueOf(readSettings()).targets,
    formatInstant(microsFromMillis(Date.now())),
  );
  for (const { drill, refusal } of unreadable) {
    output.say(`${drill} is left out: ${refusal.message}\n  next: ${refusal.hint}`);
  }
  const drills = summaries.filter((drill) => cluster === undefined || drill.cluster === cluster);
  const [newest] = drills;
  if (newest === undefined) {
    output.say(`nothing found: there is no drill${cluster === undefined ? '' : ` of cluster '${cluster}'`}`);
    output.say("  next: begin one with 'npm run resolve -- --cluster ID --drill NAME', or 'npm run drill'");
    if (json) output.result('[]');
    return EXIT.nothingFound;
  }
  output.result(render(drills, json, markdown));
  if (!failIfRed || !isRed(newest)) return EXIT.ok;
  output.refusal({
    reason: 'newest-drill-is-red',
    message: `the newest drill, '${newest.drill}', ${newest.outcome === 'failed' ? 'failed' : 'missed a target'}`,
    hint: `see drills/${newest.drill}/report.md`,
  });
  return EXIT.refused;
});

function render(drills: readonly DrillSummary[], json: boolean, markdown: boolean): string {
  if (json) return JSON.stringify(drills, null, 2);
  return markdown ? renderDrillListMarkdown(drills) : renderDrillList(drills);
}
