import type { Incident } from '../../artefacts/incident';
import { formatDuration } from '../../time';
import { recordedAtOf } from '../moments';
import { markup, type Html } from '../safe-html';
import { shorten } from '../../shorten';
import { counted, showInstant, showTime } from '../words';
import type { Axis } from './axis';
import { arrowHead, diamond, label, line, rect } from './drawing';
import { FONT, millisOf, type Frame, type Hit } from './panel';
import { fitText, placeLabels, type LabelAnchor, type PlacedLabel } from './text-layout';

export const LABEL_ROW = 17;
const SMALL = FONT - 1;

/** A row of the panel, drawn once its place is known. */
export interface Lane {
  readonly name: string;
  readonly height: number;
  draw(y: number): { readonly drawing: Html; readonly hits: readonly Hit[] };
}

/** The session that did the damage, from the beginning of its transaction to its commit. */
export function sessionLane({ statement, transaction, effect }: Incident, axis: Axis, frame: Frame): Lane {
  const { kind, beganAt, committedAt } = transaction;
  const alone = kind === 'autocommit';
  const statementX = axis.x(millisOf(statement.executedAt));
  const beganX = beganAt === null || alone ? undefined : axis.x(millisOf(beganAt));
  const committedX = committedAt === null || alone ? undefined : axis.x(millisOf(committedAt));
  const fromX = alone ? statementX : (beganX ?? axis.left);
  const toX = alone ? statementX : (committedX ?? axis.x(millisOf(effect.latestAt)));
  const sql = statement.sql.replace(/\s+/g, ' ');
  const ends = [
    ...(beganX === undefined ? [] : [{ x: beganX, text: 'begin' }]),
    ...(committedX === undefined ? [] : [{ x: committedX, text: 'commit' }]),
  ];
  const [statementLabel, ...endLabels] = place(
    [{ x: statementX, text: fitText(sql, frame.narrow ? 190 : 300, SMALL) }, ...ends],
    axis,
  );
  const height = heightOf([statementLabel, ...endLabels]);
  return {
    name: 'Damaging session',
    height,
    draw: (y) => ({
      drawing: markup`${alone ? undefined : rect('session', fromX, y + 5, toX - fromX, 8)}
      ${ends.map(({ x }) => line('session-end', x, y + 1, x, y + 17))}
      ${diamond('statement', statementX, y + 9, 7.5)}
      ${endLabels.map((end) => labelAt(end, y))}${labelAt(statementLabel, y, 'mark-label code')}`,
      hits: [
        {
          x: Math.min(fromX, statementX) - 8,
          y,
          width: Math.max(toX, statementX) - Math.min(fromX, statementX) + 16,
          height,
          title: shorten(sql, 160),
          lines: [
            `by ${statement.user}, connection ${statement.connectionId} on ${statement.serverHost}`,
            ...(beganAt === null ? [] : [`began ${showInstant(beganAt)}`]),
            `stamped ${showInstant(statement.executedAt)}`,
            committedAt === null ? 'its commit is not in the log' : `committed ${showInstant(committedAt)}`,
          ],
        },
      ],
    }),
  };
}

/** What others committed meanwhile: all of it is given up. */
export function writesLane({ lostWrites, effect, restoreTo }: Incident, axis: Axis, frame: Frame): Lane {
  const bars = [
    { part: lostWrites.beforeEffect, className: 'given-up', when: 'before the damage' },
    { part: lostWrites.afterEffect, className: 'damaged', when: 'after the damage' },
  ].flatMap(({ part, className, when }) => {
    const { firstAt, lastAt } = part;
    if (firstAt === null || lastAt === null) return [];
    const fromX = axis.x(millisOf(firstAt));
    const toX = axis.x(millisOf(lastAt));
    // what ends beyond the edge goes on: an arrow and its end in words say so
    const beyond = millisOf(lastAt) > millisOf(effect.latestAt) && toX >= axis.right - 1;
    const text = `${counted(part.statements, 'write')}${beyond ? `, until ${showTime(lastAt)}` : ''}`;
    return [{ part, className, when, fromX, toX, beyond, text, firstAt, lastAt }];
  });
  const labels = place(
    bars.map(({ fromX, toX, text }) => ({ x: (fromX + toX) / 2, text })),
    axis,
  );
  const height = heightOf(labels);
  const none = `none found after ${showTime(restoreTo)}`;
  return {
    name: frame.narrow ? 'Writes of others, all given up' : 'Writes of others',
    height,
    draw: (y) => ({
      drawing: markup`${bars.map(({ className, fromX, toX }) => rect(`writes ${className}`, fromX, y + 4, toX - fromX, 10))}
      ${bars.map(({ className, beyond }) => (beyond ? arrowHead(`writes-arrow ${className}`, axis.right + 5, y + 9) : undefined))}
      ${labels.map((placed) => labelAt(placed, y))}
      ${bars.length === 0 ? label('mark-label', axis.left + 4, y + 14, none) : undefined}`,
      hits: bars.map(({ part, when, fromX, toX, firstAt, lastAt }) => ({
        x: fromX - 4,
        y,
        width: toX - fromX + 8,
        height,
        title: `${counted(part.statements, 'write')} of others ${when}`,
        lines: [
          `in ${counted(part.transactions, 'transaction')}, from ${showTime(firstAt)} to ${showTime(lastAt)}`,
          ...[...part.groups]
            .sort((a, b) => b.statements - a.statements)
            .slice(0, 5)
            .map(({ statements, kind, table, user }) =>
              shorten(`${statements} ${kind} ${table} by ${user}`, 120),
            ),
          'The restore gives them up.',
        ],
      })),
    }),
  };
}

/** How late the audit record was; none where the log has no record time. */
export function recordLane(incident: Incident, axis: Axis, frame: Frame): readonly Lane[] {
  const { recordTime, transaction, statement } = incident;
  const recordedAt = recordedAtOf(incident);
  if (recordTime === null || recordedAt === null) return [];
  const stampedAt = transaction.committedAt ?? statement.executedAt;
  const fromX = axis.x(millisOf(stampedAt));
  const toX = axis.x(millisOf(recordedAt));
  const lag = formatDuration(Math.abs(recordTime.lagMs));
  const early = recordTime.lagMs < 0;
  const text = `its record reaches the log ${lag} ${early ? 'early' : 'late'}`;
  const labels = place([{ x: (fromX + toX) / 2, text }], axis);
  const height = heightOf(labels);
  return [
    {
      name: frame.narrow ? 'The log' : 'Audit log',
      height,
      draw: (y) => ({
        drawing: markup`${line('lag', fromX, y + 9, Math.max(fromX, toX - 6), y + 9)}
        ${line('lag-start', fromX, y + 4, fromX, y + 14)}${arrowHead('lag-head', toX, y + 9)}
        ${labels.map((placed) => labelAt(placed, y))}`,
        hits: [
          {
            x: Math.min(fromX, toX) - 4,
            y,
            width: Math.abs(toX - fromX) + 8,
            height,
            title: `The record reached the log at ${showInstant(recordedAt)}`,
            lines: [
              `The database had stamped it ${showInstant(stampedAt)}, ${lag} ${early ? 'later' : 'earlier'}.`,
              'The time that the log console shows is the time of the record, not of the damage.',
            ],
          },
        ],
      }),
    },
  ];
}

function place(anchors: readonly Omit<LabelAnchor, 'side'>[], { left, right }: Axis): readonly PlacedLabel[] {
  const centred = anchors.map((anchor) => ({ ...anchor, side: 'middle' as const }));
  return placeLabels(centred, { left, right, fontSize: SMALL });
}

function heightOf(labels: readonly (PlacedLabel | undefined)[]): number {
  return 18 + LABEL_ROW * Math.max(1, ...labels.map((placed) => (placed?.row ?? 0) + 1));
}

function labelAt(placed: PlacedLabel | undefined, y: number, className = 'mark-label'): Html | undefined {
  if (placed === undefined) return undefined;
  return label(className, placed.x, y + 31 + placed.row * LABEL_ROW, placed.text);
}
