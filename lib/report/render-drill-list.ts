import { codeSpan, escapeMarkdown } from '../escape-markdown';
import { printable } from '../printable';
import { formatDuration } from '../time';
import { isRed, type DrillSummary } from './drill-summary';
import { missedOf, outcomeInWords } from './outcome-words';
import { describeTarget } from './targets';
import { counted, showInstant } from './words';

const COLUMNS = ['', 'Drill', 'Cluster', 'Damage (UTC)', 'Result', 'RTO', 'RPO', 'Writes given up'] as const;

/** A table for a terminal, and below it every target that was missed. */
export function renderDrillList(drills: readonly DrillSummary[]): string {
  const rows = [[...COLUMNS], ...drills.map((drill) => cellsOf(drill).map(printable))];
  const widths = COLUMNS.map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)));
  const table = rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const missed = drills.flatMap(({ drill, targets }) =>
    missedOf(targets).map((target) => `${drill}: ${describeTarget(target)}`),
  );
  return [...table, ...(missed.length === 0 ? [] : ['', ...missed])].join('\n');
}

/** The same as a table of GitHub-flavoured Markdown. */
export function renderDrillListMarkdown(drills: readonly DrillSummary[]): string {
  const rows = drills.map((drill) =>
    cellsOf(drill).map((cell, i) => (i === 1 || i === 2 ? codeSpan(cell) : escapeMarkdown(cell))),
  );
  return [COLUMNS.map(escapeMarkdown), COLUMNS.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function cellsOf(summary: DrillSummary): string[] {
  const { drill, cluster, at, outcome, rtoMs, rpoMs, lostStatements, targets } = summary;
  return [
    isRed(summary) ? '✘' : outcome === 'passed' ? '✔' : '·',
    drill,
    cluster ?? 'not known',
    showInstant(at).slice(0, 16),
    outcomeInWords(outcome, targets).toLowerCase(),
    rtoMs === null ? 'not measured' : formatDuration(rtoMs),
    rpoMs === null ? 'not known' : formatDuration(rpoMs),
    lostStatements === null ? 'not known' : counted(lostStatements, 'write'),
  ];
}
