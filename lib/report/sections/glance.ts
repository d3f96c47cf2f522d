import { unreachable } from '../../errors';
import { formatDuration } from '../../time';
import type { Section } from '../document';
import type { ReportModel } from '../model';
import { code, codes, say, strong, type Phrase } from '../phrase';
import { appliedChecks, restoredDataOf, type RestoredData } from '../restored-data';
import { shorten } from '../../shorten';
import { counted, msBetween, showDay, showInstant, showTime } from '../words';
import { noticesOf } from './notices';

const SQL_AT_A_GLANCE = 120;

export function glanceSection(model: ReportModel): Section {
  const text = whatHappened(model);
  return {
    id: 'glance',
    title: 'At a glance',
    blocks: [...(text.length === 0 ? [] : [{ kind: 'text', text } as const]), ...noticesOf(model)],
  };
}

function whatHappened(model: ReportModel): Phrase {
  const { incident, restorePlan, verification, repointPlan, swap, fence } = model;
  const sentences: Phrase[] = [];
  if (incident !== null) {
    const { statement, transaction, cluster } = incident;
    sentences.push(
      say`On ${showDay(statement.executedAt)} at ${showTime(statement.executedAt)} UTC, user ${code(statement.user)} ran ${code(shorten(statement.sql, SQL_AT_A_GLANCE))} on cluster ${code(cluster)}${statement.tables.length === 0 ? '' : say`, which changed ${codes(statement.tables)}`}. `,
      transactionSentence(transaction),
      restoreSentence(incident, restoredDataOf(model)),
    );
  }
  if (restorePlan !== null) {
    const [first, ...further] = restorePlan.clusters;
    const restored = code(first.restored.clusterIdentifier);
    const beside =
      further.length === 0
        ? []
        : say`, and beside it ${codes(further.map(({ source }) => source.clusterIdentifier))} to the same instant`;
    sentences.push(
      verification === null
        ? say`The plan is to restore it as the new cluster ${restored}${beside}. `
        : say`It was restored as the new cluster ${restored}${first.source.deleted ? '' : ' beside the old one'}${beside}. `,
    );
  }
  if (verification !== null) {
    const checks = appliedChecks(verification);
    const failed = checks.filter(({ verdict }) => verdict === 'fail');
    sentences.push(
      failed.length === 0
        ? say`Every check that applies passed on the restored data. `
        : say`${failed.length} of ${counted(checks.length, 'check')} failed on the restored data. `,
    );
  }
  if (fence?.state === 'set') sentences.push(say`A fence keeps the application off the old one. `);
  if (model.outcome.kind === 'passed' && repointPlan?.direction === 'forward') {
    sentences.push(say`The application was then pointed at it.`);
  } else if (swap?.direction === 'forward' && swap.endedAt !== null) {
    sentences.push(say`It then got the old one's name.`);
  } else if (swap?.direction === 'back' && swap.endedAt !== null) {
    sentences.push(say`It had the old one's name for a while; the names were taken back.`);
  }
  return sentences.flat();
}

function restoreSentence(
  { restoreTo, effect }: NonNullable<ReportModel['incident']>,
  { snapshotAt, isVerified, agreement }: RestoredData,
): Phrase {
  const before = (at: string): string => formatDuration(msBetween(at, effect.latestAt));
  return snapshotAt === null
    ? say`The restore point is ${strong(`${showTime(restoreTo)} UTC`)}, by the audit log ${before(restoreTo)} before the damage${agreement === 'disagrees' ? '; the restored data disagrees' : ''}. `
    : say`The restore point is ${strong(`${showTime(restoreTo)} UTC`)}; what is ${isVerified ? '' : 'to be '}restored is ${strong('a snapshot')} from ${showInstant(snapshotAt)}, made ${before(snapshotAt)} before the damage. `;
}

function transactionSentence({
  kind,
  committedAt,
}: NonNullable<ReportModel['incident']>['transaction']): Phrase {
  switch (kind) {
    case 'autocommit':
      return say`It committed by itself. `;
    case 'explicit':
      return committedAt === null ? [] : say`It was committed at ${showTime(committedAt)}. `;
    case 'unknown':
      return say`The audit log does not show when it was committed. `;
    default:
      return unreachable(kind);
  }
}
