import { formatInstant, type EpochMicros } from '../time';
import type { Write } from './fate';

/** A lost write and when it was committed. */
export interface LostWrite {
  readonly write: Write;
  readonly committedAt: EpochMicros;
}

/** The lost writes as a file of SQL in the order of their commits, for people to review and replay. Holds literal values. */
export function renderExport(cluster: string, restoreTo: string, lost: readonly LostWrite[]): string {
  const head = [
    `-- writes of ${cluster} that a restore to ${restoreTo} gives up, in the order of their commits`,
    '-- as the audit log holds them: review each before you replay it; values that the server made (AUTO_INCREMENT,',
    '-- NOW(), RAND(), triggers) come out differently, and what the log does not hold is not here',
    '',
  ];
  const ordered = lost.toSorted((a, b) => a.committedAt - b.committedAt);
  return [...head, ...ordered.map(renderWrite)].join('\n');
}

function renderWrite({ write: { record, facts }, committedAt }: LostWrite): string {
  const who = `${record.user}@${record.host}, connection ${record.connectionId}, query ${record.queryId ?? '?'}`;
  return [
    `-- committed ${formatInstant(committedAt)} by ${oneLine(who)}${record.database === '' ? '' : `, database ${oneLine(record.database)}`}`,
    ...(facts.unfinished ? ['-- the log cut this statement: it is not whole'] : []),
    `${record.object.replace(/[\s;]+$/, '')};`,
    '',
  ].join('\n');
}

/** A name with a line break must not end the comment that it stands in. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]/g, ' ');
}
