import { DateTime } from 'luxon';
import { epochMicros } from '../time';
import type { AuditDialect, AuditRecord, LogLine, ParsedLine } from './audit-record';
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
      const instant = time === null ? null : instantOf(time);
      if (time === null || instant === null) return 'unparsed';
      const fields = parseMysqlFields(text, time[0].length);
      if (fields === null) return 'unparsed';
      const { rest, ...record } = fields;
      return {
        ...record,
        ...instant,
        stamped: rest.startsWith(',,') ? 'start' : 'end',
        recordedAt,
      };
    },
  };
}

type Instant = Pick<AuditRecord, 'executedAt' | 'precisionMicros' | 'isOfNoTime'>;

/**
 * The zone's offset changes on the quarter hour at most: it is looked up once for each. A time that
 * comes twice a year is taken as the earlier one, and stands for all up to the later one. One that does
 * not exist proves that the zone is not the log's.
 */
function zonedSeconds(zone: string): (time: RegExpExecArray) => Instant | null {
  const quarters = new Map<
    string,
    { readonly start: number; readonly widthMs: number; readonly exists: boolean } | null
  >();
  return ([, date = '', hour = '', minute = '', second = '']) => {
    const quarter = Math.floor(Number(minute) / 15);
    const key = `${date}${hour}${quarter}`;
    let found = quarters.get(key);
    if (found === undefined) {
      const local = DateTime.fromFormat(`${date} ${hour}:${quarter * 15}`, 'yyyyMMdd HH:m', { zone });
      const exists = local.hour === Number(hour) && local.minute === quarter * 15;
      const starts = local.isValid ? local.getPossibleOffsets().map((each) => each.toMillis()) : [];
      const start = Math.min(...starts);
      found = starts.length === 0 ? null : { start, widthMs: Math.max(...starts) - start, exists };
      quarters.set(key, found);
    }
    if (found === null || Number(second) > 60) return null;
    const millis = found.start + (Number(minute) - quarter * 15) * 60_000 + Number(second) * 1000;
    const executedAt = epochMicros(millis * 1000);
    const precisionMicros = found.widthMs * 1000 + 1_000_000;
    return found.exists ? { executedAt, precisionMicros } : { executedAt, precisionMicros, isOfNoTime: true };
  };
}
