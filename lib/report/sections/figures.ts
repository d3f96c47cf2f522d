import { formatDuration } from '../../time';
import { columns, type Block, type Section } from '../document';
import type { DataLoss } from '../data-loss';
import type { ReportModel } from '../model';
import { code, mark, say, strong, type Phrase } from '../phrase';
import { showCount } from '../../shorten';
import { counted, showExactly, showInstant, showTime } from '../words';

const GROUPS = 25;

/** RTO: how long the recovery took, by step. */
export function recoverySection({ recoveryTime, steps, timeline }: ReportModel): Section {
  const byStamps = timeline === null;
  return {
    id: 'rto',
    title: 'Time to recover (RTO)',
    blocks:
      steps.length === 0
        ? [{ kind: 'text', text: say`No step has been recorded yet.` }]
        : [
            ...(recoveryTime === null ? [] : [{ kind: 'text', text: recoveryText(recoveryTime) } as const]),
            ...(byStamps
              ? [
                  {
                    kind: 'text',
                    text: stampsText(recoveryTime),
                  } as const,
                ]
              : []),
            {
              kind: 'table',
              caption: 'Steps',
              columns: columns(
                'Step',
                ...(byStamps ? ['Waited for'] : ['Result', 'Phase']),
                '#Began (UTC)',
                '#Took',
                '#Share of RTO',
                byStamps ? 'From and to' : 'Command or event',
              ),
              rows: steps.map(({ name, what, phase, startedAt, tookMs, result, waitedForPeople }) => [
                [strong(name)],
                ...(byStamps
                  ? [[waitedForPeople ? 'people and machines' : 'machines']]
                  : [[mark(result)], [phase]]),
                [showTime(startedAt)],
                [tookMs === null ? 'not ended' : formatDuration(tookMs)],
                [
                  phase === 'recovery' && tookMs !== null && recoveryTime !== null && recoveryTime.tookMs > 0
                    ? `${Math.round((100 * tookMs) / recoveryTime.tookMs)} %`
                    : '',
                ],
                byStamps ? [what] : [code(what)],
              ]),
            },
          ],
  };
}

function recoveryText({
  basis,
  complete,
  tookMs,
  beganAt,
  endedAt,
  sinceDamageMs,
  phases,
}: NonNullable<ReportModel['recoveryTime']>): Phrase {
  const end = complete ? '' : basis === 'stamps' ? ' so far' : ', which did not reach its end';
  const others = phases.filter(({ phase }) => phase !== 'recovery');
  const notCounted =
    others.length === 0
      ? ''
      : ` Not counted: ${others.map(({ phase, tookMs: took }) => `${formatDuration(took)} of ${phase}`).join(', ')}.`;
  const since =
    sinceDamageMs === null || sinceDamageMs < 0
      ? ''
      : ` From the damage to ${complete ? 'the end of the recovery' : 'then'} it was ${formatDuration(sinceDamageMs)}${basis === 'stamps' ? '' : '; in earnest the time until somebody notices adds to that'}.`;
  return say`${strong(`${formatDuration(tookMs)} of recovery${end}`)}: from ${showInstant(beganAt)} to ${showInstant(endedAt)}${basis === 'stamps' ? '' : ', the steps of phase recovery only'}.${notCounted}${since}`;
}

/** What spans between stamps are worth, and who was waited for in them. */
function stampsText(recoveryTime: ReportModel['recoveryTime']): Phrase {
  const origin = say`No timeline.json: several people or a pipeline took the steps, and the spans below are those between the artefacts’ own stamps. They begin when ${code('resolve')} had found the restore point.`;
  const withPeopleMs = recoveryTime?.withPeopleMs ?? null;
  if (recoveryTime === null || withPeopleMs === null) return origin;
  const { tookMs, complete } = recoveryTime;
  const alone = tookMs - withPeopleMs;
  return say`${origin} ${strong(`${formatDuration(withPeopleMs)} of it waited for people as well`)}, for reviews, approvals and commands${alone > 0 ? `; ${formatDuration(alone)} for machines alone` : ''}.${complete ? '' : ' What came after the last of them is not in it.'}`;
}

/** RPO: what the restore gives up. */
export function lossSection(model: ReportModel): Section {
  const { dataLoss, snapshotAt, verification, restorePlan } = model;
  const title = 'What was lost (RPO)';
  if (dataLoss === null) {
    return {
      id: 'rpo',
      title,
      blocks: [{ kind: 'text', text: say`Not known: the incident is not resolved.` }],
    };
  }
  return {
    id: 'rpo',
    title,
    blocks: [
      {
        kind: 'text',
        text: say`${snapshotAt === null ? 'The restore point lies' : 'The snapshot was made'} ${strong(`${formatDuration(dataLoss.beforeEffectMs)} before the damage`)}. What others committed after that is given up: ${dataLoss.uncountedBeforeMs > 0 ? 'at least ' : ''}${strong(counted(dataLoss.statements, 'writing statement'))} in ${counted(dataLoss.transactions, 'transaction')}, as far as the logs were read.`,
      },
      ...(dataLoss.uncountedBeforeMs > 0
        ? [
            {
              kind: 'notice',
              text: say`A snapshot ${verification === null ? 'is to be' : 'was'} restored: what was committed in the ${strong(formatDuration(dataLoss.uncountedBeforeMs))} between it and the restore point is lost as well, and in no count.`,
            } as const,
          ]
        : []),
      {
        kind: 'table',
        caption: 'Committed by others, and given up by the restore',
        columns: columns('When', '#Statements', '#Transactions', '#First (UTC)', '#Last (UTC)'),
        rows: dataLoss.parts.map(({ when, statements, transactions, firstAt, lastAt }) => [
          [strong(when)],
          [showCount(statements)],
          [showCount(transactions)],
          [firstAt === null ? '' : showExactly(firstAt)],
          [lastAt === null ? '' : showExactly(lastAt)],
        ]),
      },
      ...groupBlocks(dataLoss),
      { kind: 'notice', text: limitOf(dataLoss, restorePlan?.clusters[0].source.deleted === true) },
    ],
  };
}

function groupBlocks({ parts }: DataLoss): readonly Block[] {
  const groups = parts.flatMap((part) => part.groups.map((group) => ({ when: part.when, ...group })));
  if (groups.length === 0) return [];
  const shown = groups.slice(0, GROUPS);
  const hidden = groups.slice(GROUPS).reduce((sum, { statements }) => sum + statements, 0);
  return [
    {
      kind: 'table',
      caption: 'By table, user and kind',
      columns: columns('When', 'Table', 'User', 'Kind', '#Statements', '#First (UTC)', '#Last (UTC)'),
      rows: shown.map(({ when, table, user, kind, statements, firstAt, lastAt }) => [
        [when],
        [code(table)],
        [code(user)],
        [kind],
        [showCount(statements)],
        [showTime(firstAt)],
        [showTime(lastAt)],
      ]),
    },
    ...(groups.length > shown.length
      ? [
          {
            kind: 'text',
            text: say`and ${counted(groups.length - shown.length, 'further group')} with ${counted(hidden, 'statement')}: incident.json holds them all.`,
          } as const,
        ]
      : []),
  ];
}

function limitOf({ countedUntil, uncountedMs }: DataLoss, deleted: boolean): Phrase {
  if (countedUntil === null) {
    return say`${strong('These counts have no known end:')} the logs do not say up to when they are complete. Whatever was written to the old cluster later is not counted.`;
  }
  if (uncountedMs === 0)
    return say`The logs were read up to the moment at which the application left the old cluster.`;
  const span =
    uncountedMs === null
      ? 'after that'
      : `in the ${formatDuration(uncountedMs)} after that, until the application left it,`;
  return say`${strong(`Counted until ${showInstant(countedUntil)}.`)} Whatever was written to the old cluster ${span} is given up as well, and is not in these counts. ${deleted ? 'Its logs' : 'The old cluster and its logs'} still hold it.`;
}
