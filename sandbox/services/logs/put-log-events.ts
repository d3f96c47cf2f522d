import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { invalidParameter } from './errors';
import { groupOf, streamOf } from './log-groups';
import type { LogsState } from './logs-state';
import { epochMs, logGroupName, logStreamName } from './shapes';
import { bytesOf } from './store/log-event';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MOST_BATCH_BYTES = 1_048_576;
const MOST_EVENT_BYTES = 1_048_576;

const logEvents = z
  .array(z.strictObject({ timestamp: epochMs, message: z.string().min(1) }))
  .min(1)
  .max(10_000);

/**
 * The rules are those of the API reference: a batch in order, of at most 24 hours and 1 MiB; what is
 * older than 14 days or more than 2 hours ahead is left out and reported. Sequence tokens are ignored,
 * as AWS ignores them since 2023. Events are ingested at once.
 */
export const putLogEvents = operation({
  name: 'PutLogEvents',
  input: z.strictObject({ logGroupName, logStreamName, logEvents, sequenceToken: z.string().optional() }),
  run: (request, state: LogsState) => {
    const group = groupOf(request.logGroupName, state);
    const stream = streamOf(group, request.logStreamName);
    checkBatch(request.logEvents);
    const now = state.settings.now();
    const tooOld = request.logEvents.filter(({ timestamp }) => timestamp < now - 14 * DAY_MS).length;
    const tooNew = request.logEvents.findIndex(({ timestamp }) => timestamp > now + 2 * HOUR_MS);
    for (const event of request.logEvents.slice(tooOld, tooNew < 0 ? undefined : tooNew)) {
      state.store.append(group, stream, { ...event, ingestionTime: now });
    }
    return {
      nextSequenceToken: String(stream.events.length).padStart(56, '0'),
      rejectedLogEventsInfo:
        tooOld === 0 && tooNew < 0
          ? undefined
          : {
              tooOldLogEventEndIndex: tooOld === 0 ? undefined : tooOld,
              tooNewLogEventStartIndex: tooNew < 0 ? undefined : tooNew,
            },
    };
  },
});

function checkBatch(events: z.infer<typeof logEvents>): void {
  const times = events.map(({ timestamp }) => timestamp);
  if (times.some((time, i) => time < (times[i - 1] ?? 0))) {
    throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
  }
  if ((times.at(-1) ?? 0) - (times[0] ?? 0) > DAY_MS) {
    throw invalidParameter(
      'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
    );
  }
  const sizes = events.map(({ message }) => bytesOf(message));
  const largest = Math.max(...sizes);
  if (largest > MOST_EVENT_BYTES) {
    throw invalidParameter(`Log event too large: ${largest} bytes exceeds limit of ${MOST_EVENT_BYTES}`);
  }
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total > MOST_BATCH_BYTES) {
    throw invalidParameter(`Upload too large: ${total} bytes exceeds limit of ${MOST_BATCH_BYTES}`);
  }
}
