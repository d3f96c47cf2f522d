import { DateTime } from 'luxon';
import { epochMicros, type EpochMicros } from '../time';
import type { AuditDialect, LogLine, ParsedLine } from './audit-record';
import { isWholeMysqlRecord, parseMysqlFields } from './mysql-fields';

const TIME = /^(\d{8}) (\d\d):(\d\d):(\d\d),/;

/**
 * MariaDB's server_audit plugin, as RDS for MySQL and MariaDB ship it: whole seconds of the server's
 * own zone. MariaDB stamps a statement's end, the build of RDS for MySQL 8 its start; that one ends
 * statements with two more commas.
 */
export function serverAudit(zone: string): AuditDialect {
  const instantOf = zonedSeconds(zone);
  return {
    name: 'server-audit',
    beginsRecord: (line) => TIME.test(line),
    isWhole: isWholeMysqlRecord,
    parse: ({ text, recordedAt }: LogLine): ParsedLine => {
      const time = TIME.exec(text);
      const executedAt = time === null ? null : instantOf(time);
      if (time === null || executedAt === null) return 'unparsed';
      const fields = parseMysqlFields(text, time[0].length);
      if (fields === null) return 'unparsed';
      const { rest, ...record } = fields;
      return {
        ...record,
        executedAt,
        precisionMicros: 1_000_000,
        stamped: rest.startsWith(',,') ? 'start' : 'end',
        recordedAt,
      };
    },
  };
}

/** The zone's offset changes on the quarter hour at most: it is looked up once for each. A time that comes twice a year is taken as the earlier one. */
function zonedSeconds(zone: string): (time: RegExpExecArray) => EpochMicros | null {
  const quarters = new Map<string, number | null>();
  return ([, date = '', hour = '', minute = '', second = '']) => {
    const quarter = Math.floor(Number(minute) / 15);
    const key = `${date}${hour}${quarter}`;
    let start = quarters.get(key);
    if (start === undefined) {
      const local = DateTime.fromFormat(`${date} ${hour}:${quarter * 15}`, 'yyyyMMdd HH:m', { zone });
      start = local.isValid ? Math.min(...local.getPossibleOffsets().map((each) => each.toMillis())) : null;
      quarters.set(key, start);
    }
    if (start === null || Number(second) > 60) return null;
    return epochMicros((start + (Number(minute) - quarter * 15) * 60_000 + Number(second) * 1000) * 1000);
  };
}
