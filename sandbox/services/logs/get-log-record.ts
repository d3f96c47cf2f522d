import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { invalidParameter } from './errors';
import type { LogsState } from './logs-state';

/** The whole event behind an `@ptr`. Times are milliseconds as text. */
export const getLogRecord = operation({
  name: 'GetLogRecord',
  input: z.strictObject({ logRecordPointer: z.string().min(1) }),
  run: ({ logRecordPointer }, { store, settings }: LogsState) => {
    const event = store.findByPointer(logRecordPointer);
    if (event === undefined) throw invalidParameter('The specified log record pointer is invalid.');
    return {
      logRecord: {
        '@ptr': logRecordPointer,
        '@timestamp': String(event.timestamp),
        '@ingestionTime': String(event.ingestionTime),
        '@message': event.message,
        '@logStream': event.stream,
        '@log': `${settings.accountId}:${event.group}`,
      },
    };
  },
});
