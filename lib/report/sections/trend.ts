import { formatDuration } from '../../time';
import { columns, type Block, type Section } from '../document';
import type { DrillSummary } from '../drill-summary';
import type { ReportModel } from '../model';
import { MOST_IN_TREND as MOST } from '../picture/trend-picture';
import { outcomeInWords } from '../outcome-words';
import { code, mark, say, strong, type Phrase } from '../phrase';
import { describeTarget } from '../targets';
import { showCount } from '../../shorten';
import { showDay } from '../words';

/** This drill against the team's targets, and among the earlier ones of its cluster. */
export function trendSection({ targets, earlier, ...model }: ReportModel): Section | undefined {
  if (targets.length === 0 && earlier.length === 0) return undefined;
  const blocks: Block[] = [];
  if (targets.length > 0) {
    const items = targets.map(
      (target): Phrase => say`${TARGET_MARKS[target.verdict]} ${describeTarget(target)}`,
    );
    blocks.push({ kind: 'list', items });
  }
  if (earlier.length > 0) {
    blocks.push({ kind: 'text', text: comparison(model, earlier) }, { kind: 'trend' });
    blocks.push({
      kind: 'table',
      caption: earlier.length > MOST ? `The ${MOST} drills before this one` : 'The drills before this one',
      columns: columns('Drill', 'Date', 'Result', '#RTO', '#RPO', '#Writes given up'),
      rows: earlier.slice(0, MOST).map(rowOf),
    });
  }
  return { id: 'trend', title: 'Targets and trend', blocks };
}

const TARGET_MARKS = {
  met: mark('pass'),
  missed: mark('fail'),
  'not-known': mark('not-applicable'),
} as const;

function comparison(
  { recoveryTime, incident }: Pick<ReportModel, 'recoveryTime' | 'incident'>,
  earlier: readonly DrillSummary[],
): Phrase {
  const cluster = incident === null ? 'this cluster' : code(incident.cluster);
  const measured = earlier.flatMap(({ rtoMs }) => (rtoMs === null ? [] : [rtoMs]));
  if (recoveryTime === null || !recoveryTime.complete || measured.length === 0) {
    return say`Earlier drills of ${cluster}, newest first:`;
  }
  const median = [...measured].sort((a, b) => a - b)[Math.floor(measured.length / 2)] ?? 0;
  const change = Math.round((100 * (recoveryTime.tookMs - median)) / median);
  const words =
    change === 0 ? 'as long as' : `${Math.abs(change)} % ${change < 0 ? 'shorter' : 'longer'} than`;
  return say`The recovery took ${strong(formatDuration(recoveryTime.tookMs))}, ${words} the median of the earlier drills of ${cluster}, ${formatDuration(median)}.`;
}

function rowOf({ drill, at, outcome, rtoMs, rpoMs, lostStatements, targets }: DrillSummary): Phrase[] {
  return [
    [code(drill)],
    [showDay(at)],
    [outcomeInWords(outcome, targets).toLowerCase()],
    [rtoMs === null ? 'not measured' : formatDuration(rtoMs)],
    [rpoMs === null ? 'not known' : formatDuration(rpoMs)],
    [lostStatements === null ? 'not known' : showCount(lostStatements)],
  ];
}
