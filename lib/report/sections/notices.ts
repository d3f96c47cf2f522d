import { formatDuration } from '../../time';
import type { Block } from '../document';
import type { ReportModel } from '../model';
import { code, joined, say, strong, type Phrase } from '../phrase';
import { showInstant } from '../words';

const FAILED_CHECKS = 5;

/** What went wrong, what is missing and what to do about it, before anything else is read. */
export function noticesOf(model: ReportModel): readonly Block[] {
  const notices = [
    ...failedChecks(model),
    ...stepsThatWentWrong(model),
    ...absentFiles(model),
    ...clocksThatDisagree(model),
  ];
  return [
    ...notices.map((text): Block => ({ kind: 'notice', text })),
    ...(model.outcome.kind === 'failed' || model.outcome.kind === 'interrupted'
      ? [
          {
            kind: 'text',
            text: say`The old cluster was not changed: a restore makes a new one beside it. What there is to remove stands under “How to undo”.`,
          } as const,
        ]
      : []),
  ];
}

function failedChecks({ verification }: ReportModel): readonly Phrase[] {
  const failed = (verification?.checks ?? []).filter(({ verdict }) => verdict === 'fail');
  return failed.slice(0, FAILED_CHECKS).map(
    ({ title, evidence }) =>
      say`${strong('Not true of the restored data:')} ${title}. ${joined(
        evidence.slice(0, 2).map((text) => [text]),
        '; ',
      )}`,
  );
}

function stepsThatWentWrong({ steps }: ReportModel): readonly Phrase[] {
  return steps.flatMap(({ name, what, phase, startedAt, tookMs, result }) => {
    if (result === 'passed' || result === 'recorded') return [];
    const ended =
      result === 'running' ? 'began and never ended' : result === 'failed' ? 'failed' : 'was interrupted';
    const after = tookMs === null ? '' : ` after ${formatDuration(tookMs)}`;
    const left =
      phase === 'tear-down'
        ? ' The recovery had ended before that; what the drill made may still be there and cost money.'
        : '';
    return [
      say`${strong(`Step ‘${name}’ ${ended}${after}.`)} It began ${showInstant(startedAt)}: ${code(what)}.${left}`,
    ];
  });
}

/** The next step is named only where it is to go on, and for what comes first. */
function absentFiles({ absent, outcome }: ReportModel): readonly Phrase[] {
  // a restore in earnest has no measured steps: the section on recovery time says what that means
  const files = absent.filter(({ file }) => file !== 'timeline.json');
  const missing = files.filter(({ reason }) => reason === 'missing');
  const [first] = missing;
  const goOn = outcome.kind === 'unfinished' || outcome.kind === 'verified';
  const names = missing.map(({ file }) => file).join(', ');
  return [
    ...files
      .filter(({ reason }) => reason === 'stale')
      .map(({ file, message, hint }) => say`${strong(`${file} does not count:`)} ${message}. Next: ${hint}.`),
    ...(first === undefined
      ? []
      : [
          say`${strong(`Missing: ${names}.`)} The drill has not come that far.${goOn ? ` Next: ${first.hint}.` : ''}`,
        ]),
  ];
}

function clocksThatDisagree({ recoveryTime }: ReportModel): readonly Phrase[] {
  if ((recoveryTime?.sinceDamageMs ?? 0) >= 0) return [];
  return [
    say`${strong('The clocks disagree.')} By these times the recovery ended before the damage: compare the clock of the database with that of the machine that ran the steps.`,
  ];
}
