import { epochMicros } from '../time';
import type { AuditDialect, LogLine, ParsedLine } from './audit-record';
import { isWholeMysqlRecord, parseMysqlFields } from './mysql-fields';

const TIME = /^(\d{16}),/;

/**
 * Aurora MySQL's advanced auditing. The time is Unix time in microseconds, taken when the statement
 * has ended (paired general-log and audit lines show it); an autocommit statement's commit comes
 * just before it.
 */
export const auroraMysql: AuditDialect = {
  name: 'aurora-mysql',
  beginsRecord: (line) => TIME.test(line),
  isWhole: isWholeMysqlRecord,
  parse: parseAuroraMysql,
};

function parseAuroraMysql({ text, recordedAt }: LogLine): ParsedLine {
  const time = TIME.exec(text)?.[1];
  if (time === undefined) return 'unparsed';
  const fields = parseMysqlFields(text, time.length + 1);
  if (fields === null) return 'unparsed';
  // field by field: this is where the time goes when a log is large
  return {
    event: fields.event,
    executedAt: epochMicros(Number(time)),
    precisionMicros: 1,
    stamped: 'end',
    recordedAt,
    serverHost: fields.serverHost,
    user: fields.user,
    host: fields.host,
    connectionId: fields.connectionId,
    queryId: fields.queryId,
    database: fields.database,
    object: fields.object,
    errorCode: fields.errorCode,
  };
}
