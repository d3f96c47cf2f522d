import type { Incident } from '../artefacts/incident';
import { epochMicros, formatDuration, formatInstant } from '../time';
import type { ReportModel } from './model';
import { recordedAtOf } from './moments';
import { restoredDataOf, type RestoredData } from './restored-data';
import { counted, laterOf, microsOf, msBetween, showOffset, showTime } from './words';
import type { Phase, Step } from './steps';

/**
 * The timeline as Mermaid Gantt diagrams, which GitHub and GitLab draw: the incident in its seconds
 * and the recovery in its minutes. None where there is nothing to draw.
 * Mermaid reads and shows times in the reader's zone; written without one, they show as UTC.
 */
export function renderMermaid(model: ReportModel): readonly string[] {
  const { incident, steps } = model;
  return [
    ...(incident === null ? [] : [incidentDiagram(incident, restoredDataOf(model))]),
    ...(steps.some(({ endedAt }) => endedAt !== null) ? [recoveryDiagram(steps)] : []),
  ];
}

/** Widths of the effect and of what leads up to it that are drawn at most; what lies beyond is cut off at the edge. */
const WIDEST = 12;

function incidentDiagram(incident: Incident, { snapshotAt, agreement }: RestoredData): string {
  const { restoreTo, effect, statement, transaction, lostWrites, recordTime } = incident;
  const focusMs = Math.max(1000, msBetween(restoreTo, effect.latestAt));
  const from = shifted(restoreTo, -focusMs);
  const to = shifted(effect.latestAt, WIDEST * focusMs);
  const bar = (name: string, tags: string, begin: string, end: string): string =>
    task(name, tags, within(begin, from, to), within(laterOf(end, shifted(begin, 1)), from, to));
  const recordedAt = recordedAtOf(incident);
  const damagedUntil = [shifted(effect.latestAt, 2 * focusMs), recordedAt, recordTime?.restoreTo]
    .filter((instant) => typeof instant === 'string')
    .reduce(laterOf);
  const { beforeEffect, afterEffect } = lostWrites;
  return diagram('The incident in seconds, UTC', [
    'section State of the data',
    snapshotAt === null
      ? bar(agreement === 'agrees' ? 'kept by the restore' : 'to be kept', 'done', from, restoreTo)
      : bar(`given up, newer than the snapshot of ${showTime(snapshotAt)}`, 'active', from, restoreTo),
    bar(
      `given up, ${counted(beforeEffect.statements, 'write')} of others`,
      'active',
      restoreTo,
      effect.latestAt,
    ),
    bar(
      `damaged, ${counted(afterEffect.statements, 'write')} of others`,
      'crit',
      effect.latestAt,
      damagedUntil,
    ),
    'section The damage',
    bar(
      transaction.beganAt === null ? 'the statement' : 'its transaction',
      'crit',
      transaction.beganAt ?? statement.executedAt,
      transaction.committedAt ?? statement.executedAt,
    ),
    bar('the effect, somewhere in here', 'crit', effect.earliestAt, effect.latestAt),
    'section The log',
    ...(recordTime === null || recordedAt === null
      ? []
      : [
          bar(
            `its record arrives ${formatDuration(recordTime.lagMs)} late`,
            'active',
            transaction.committedAt ?? statement.executedAt,
            recordedAt,
          ),
        ]),
    'section Restore points',
    milestone('by the time of the statement or its commit', 'done', within(restoreTo, from, to)),
    ...(recordTime === null ? [] : [recordTimeMilestone(recordTime, restoreTo, from, to)]),
  ]);
}

function recordTimeMilestone(
  { restoreTo, includesDamage }: NonNullable<Incident['recordTime']>,
  rightOne: string,
  from: string,
  to: string,
): string {
  const at = within(restoreTo, from, to);
  const words = [
    `by record time, ${showOffset(restoreTo, rightOne)}`,
    ...(includesDamage ? ['damage included'] : []),
    ...(at === restoreTo ? [] : ['beyond the edge']),
  ];
  return milestone(words.join(', '), includesDamage ? 'crit' : 'active', at);
}

const PHASE_TITLES: Readonly<Record<Phase, string>> = {
  'set-up': 'Set-up',
  recovery: 'Recovery',
  'tear-down': 'Tear-down',
};

function recoveryDiagram(steps: readonly Step[]): string {
  let phase: Phase | undefined;
  const lines = steps.flatMap((step) => {
    const { startedAt, endedAt, result, name, tookMs } = step;
    const section = step.phase === phase ? [] : [`section ${PHASE_TITLES[step.phase]}`];
    phase = step.phase;
    const counts = step.phase === 'recovery' ? 'active' : 'done';
    const tag = result === 'passed' || result === 'recorded' ? counts : 'crit';
    const took = tookMs === null ? 'not ended' : formatDuration(tookMs);
    const end = laterOf(endedAt ?? startedAt, shifted(startedAt, 1));
    return [...section, task(`${name}, ${took}`, tag, startedAt, end)];
  });
  return diagram('The steps in minutes, UTC', lines);
}

function diagram(title: string, lines: readonly string[]): string {
  return [
    'gantt',
    `    title ${plainWords(title)}`,
    '    dateFormat YYYY-MM-DD HH:mm:ss.SSS',
    '    axisFormat %H:%M:%S',
    '    todayMarker off',
    ...lines.map((line) => `    ${line}`),
  ].join('\n');
}

function task(name: string, tags: string, begin: string, end: string): string {
  return `${plainWords(name)} :${tags}, ${written(begin)}, ${written(end)}`;
}

function milestone(name: string, tags: string, at: string): string {
  return `${plainWords(name)} :milestone, ${tags}, ${written(at)}, 0s`;
}

const LONGEST = 70;
/** A line that begins so is a statement of the diagram's language and no task. */
const KEYWORD =
  /^(section|click|title|date ?format|axis ?format|tick ?interval|excludes|includes|today ?marker|week|acc|inclusive|top ?axis|gantt|vert)/i;

/** Only what cannot be syntax to Mermaid: a colon, semicolon, comma, hash or percent sign could be. */
function plainWords(text: string): string {
  const words = text
    .replace(/,(?=\s)/g, ' –')
    .replace(/[^\p{L}\p{N} _./()–-]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return KEYWORD.test(words) ? `step ${words}`.slice(0, LONGEST) : words.slice(0, LONGEST);
}

function written(instant: string): string {
  return formatInstant(microsOf(instant)).replace('T', ' ').slice(0, 23);
}

function shifted(instant: string, ms: number): string {
  return formatInstant(epochMicros(microsOf(instant) + Math.round(ms * 1000)));
}

function within(instant: string, from: string, to: string): string {
  if (msBetween(from, instant) < 0) return from;
  return msBetween(to, instant) > 0 ? to : instant;
}
