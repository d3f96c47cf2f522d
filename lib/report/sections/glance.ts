import { unreachable } from '../../errors';
import { formatDuration } from '../../time';
import type { Section } from '../document';
import type { ReportModel } from '../model';
import { code, codes, say, strong, type Phrase } from '../phrase';
import { counted, msBetween, shorten, showDay, showTime } from '../words';
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
  const { incident, restorePlan, verification, repointPlan } = model;
  const sentences: Phrase[] = [];
  if (incident !== null) {
    const { statement, transaction, cluster, effect } = incident;
    sentences.push(
      say`On ${showDay(statement.executedAt)} at ${showTime(statement.executedAt)} UTC, user ${code(statement.user)} ran ${code(shorten(statement.sql, SQL_AT_A_GLANCE))} on cluster ${code(cluster)}${statement.tables.length === 0 ? '' : say`, which changed ${codes(statement.tables)}`}. `,
      transactionSentence(transaction),
      say`A restore to ${strong(`${showTime(incident.restoreTo)} UTC`)} gives the state ${formatDuration(msBetween(incident.restoreTo, effect.latestAt))} before the damage. `,
    );
  }
  if (restorePlan !== null) {
    const restored = code(restorePlan.restored.clusterIdentifier);
    sentences.push(
      verification === null
        ? say`The plan is to restore it as the new cluster ${restored}. `
        : say`It was restored as the new cluster ${restored}; the old one was left as it is. `,
    );
  }
  if (verification !== null) {
    const failed = verification.checks.filter(({ verdict }) => verdict === 'fail');
    sentences.push(
      failed.length === 0
        ? say`Every check that applies passed on the restored data. `
        : say`${failed.length} of ${counted(verification.checks.length, 'check')} failed on the restored data. `,
    );
  }
  if (model.outcome.kind === 'passed' && repointPlan?.direction === 'forward') {
    sentences.push(say`The application was then pointed at it.`);
  }
  return sentences.flat();
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
