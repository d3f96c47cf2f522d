import type { Operation } from '../../protocols/operation';
import { createLogGroup } from './create-log-group';
import { createLogStream } from './create-log-stream';
import { describeLogGroups } from './describe-log-groups';
import { describeLogStreams } from './describe-log-streams';
import { describeQueries } from './describe-queries';
import { filterLogEvents } from './filter-log-events';
import { getLogEvents } from './get-log-events';
import { getLogRecord } from './get-log-record';
import { getQueryResults } from './get-query-results';
import type { LogsState } from './logs-state';
import { putLogEvents } from './put-log-events';
import { startQuery } from './start-query';
import { stopQuery } from './stop-query';

/** Every operation of `Logs_20140328` that the sandbox has. */
export const logsOperations: Operation<LogsState>[] = [
  createLogGroup,
  createLogStream,
  describeLogGroups,
  describeLogStreams,
  describeQueries,
  filterLogEvents,
  getLogEvents,
  getLogRecord,
  getQueryResults,
  putLogEvents,
  startQuery,
  stopQuery,
];
