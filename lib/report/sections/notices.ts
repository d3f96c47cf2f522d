import { formatDuration } from '../../time';
import type { Block } from '../document';
import type { ReportModel } from '../model';
import { oldClusterWords } from '../old-cluster';
import { missedOf } from '../outcome-words';
import { code, joined, say, strong, type Phrase } from '../phrase';
import { describeTarget } from '../targets';
import { showInstant } from '../words';

const FAILED_CHECKS = 5;

/** What went wrong, what is missing and what to do about it, before anything else is read. */
export function noticesOf(model: ReportModel): readonly Block[] {
  const notices = [
    ...overriddenVerification(model),
    ...stepsThatWentWrong(model),
    ...absentFiles(model),
    ...clocksThatDisagree(model),
  ];
  return [
    ...[...failedChecks(model), ...missedTargets(model)].map((text): Block => ({
      kind: 'notice',
      text,
      tone: 'bad',
    })),
    ...notices.map((text): Block => ({ kind: 'notice', text })),
    ...(model.outcome.kind === 'failed' || model.outcome.kind === 'interrupted'
      ? [
          {
            kind: 'text',
            text: say`The old cluster ${oldClusterWords(model)}; a restore makes a new one beside it. What there is to take back or to remove stands under “How to undo”.`,
          } as const,
        ]
      : []),
  ];
}

function overriddenVerification({ repointPlan, swap, arrival, outcome }: ReportModel): readonly Phrase[] {
  const override = repointPlan?.overriddenVerification ?? swap?.overriddenVerification;
  if (override === undefined) return [];
  const moved = arrival !== null || outcome.kind === 'passed' || (swap !== null && swap.startedAt !== null);
  return [
    say`${strong(`The application ${moved ? 'was' : 'is to be'} brought over without a passed verification:`)} ${override.instead}. The reason given: ${override.reason}`,
  ];
}

function failedChecks({ verification }: ReportModel): readonly Phrase[] {
  const checks = (verification?.clusters ?? []).flatMap((cluster) => cluster.checks);
  const failed = checks.filter(({ verdict }) => verdict === 'fail');
  return failed.slice(0, FAILED_CHECKS).map(
    ({ title, evidence }) =>
      say`${strong('Not true of the restored data:')} ${title}. ${joined(
        evidence.slice(0, 2).map((text) => [text]),
        '; ',
      )}`,
  );
}

function missedTargets({ targets }: ReportModel): readonly Phrase[] {
  return missedOf(targets).map(
    (target) => say`${strong('A target of the team was missed:')} ${describeTarget(target)}.`,
  );
}

function stepsThatWentWrong({ steps, verification }: ReportModel): readonly Phrase[] {
  return steps.flatMap(({ name, what, phase, startedAt, tookMs, result }) => {
    if (result === 'passed' || result === 'recorded') return [];
    // its failed checks say more
    if (verification?.verdict === 'fail' && result === 'failed' && phase === 'recovery') return [];
    const ended =
      result === 'running' ? 'began and never ended' : result === 'failed' ? 'failed' : 'was interrupted';
    const after = tookMs === null ? '' : ` after ${formatDuration(tookMs)}`;
    const left =
      phase === 'tear-down'
        ? ' It is no part of the recovery; what the drill made may still be there and cost money.'
        : '';
    return [
      say`${strong(`Step ‘${name}’ ${ended}${after}.`)} It began ${showInstant(startedAt)}: ${code(what)}.${left}`,
    ];
  });
}

function absentFiles({ absent }: ReportModel): readonly Phrase[] {
  return absent
    .filter(({ reason }) => reason === 'stale')
    .map(({ file, message, hint }) => say`${strong(`${file} does not count:`)} ${message}. Next: ${hint}.`);
}

function clocksThatDisagree({ recoveryTime }: ReportModel): readonly Phrase[] {
  if ((recoveryTime?.sinceDamageMs ?? 0) >= 0) return [];
  return [
    say`${strong('The clocks disagree.')} By these times the recovery ended before the damage: compare the clock of the database with that of the machine that ran the steps.`,
  ];
}
