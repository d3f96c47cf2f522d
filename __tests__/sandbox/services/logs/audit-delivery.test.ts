import fc from 'fast-check';
import type { LogEvent } from '../../../../sandbox/services/logs/store/log-event';
import { GROUP, LogsClient, START_MS } from './logs-client';

const DELAYS = { logDelayMs: 2000, logJitterMs: 1500, logIngestionDelayMs: 200 };

/** Writes lines 100 ms apart to two instances by turns; each is delivered as it is written. */
function deliver(client: LogsClient, count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    client.now = START_MS + i * 100;
    const text = `${client.now * 1000 + 123},line ${i}`;
    client.state.deliverAuditLine('trading', i % 2 === 0 ? 'writer' : 'reader', {
      writtenAt: client.now * 1000 + 123,
      text,
    });
    return text;
  });
}

function storedEvents(client: LogsClient): LogEvent[] {
  return [...(client.state.store.groups.get(GROUP)?.streams.values() ?? [])].flatMap(({ events }) => events);
}

function writtenMs(event: LogEvent): number {
  return Number(event.message.split(',')[0]) / 1000;
}

describe('the delivery of audit lines', () => {
  it('loses and doubles no line, and stamps each within the delay and its jitter', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 200 }),
        (seed, auditFiles, count) => {
          const client = new LogsClient({ ...DELAYS, seed, auditFiles });
          const written = deliver(client, count);
          const events = storedEvents(client);
          expect(events.map(({ message }) => message).sort()).toEqual([...written].sort());
          for (const event of events) {
            const lag = event.timestamp - Math.floor(writtenMs(event));
            expect(lag).toBeGreaterThanOrEqual(500);
            expect(lag).toBeLessThanOrEqual(3500);
            expect(event.ingestionTime).toBe(event.timestamp + 200);
          }
        },
      ),
    );
  });

  it('keeps a stream for each instance', () => {
    const client = new LogsClient(DELAYS);
    deliver(client, 4);
    const streams = client.state.store.groups.get(GROUP)?.streams;
    expect([...(streams?.keys() ?? [])]).toEqual(['writer', 'reader']);
    expect(streams?.get('reader')?.events.every(({ message }) => /line [13]$/.test(message))).toBe(true);
  });

  it('mixes up the order of writing, within a stream too', () => {
    const client = new LogsClient(DELAYS);
    deliver(client, 60);
    const times = client.state.store.groups.get(GROUP)?.streams.get('writer')?.events.map(writtenMs) ?? [];
    expect(times).toHaveLength(30);
    expect(times).not.toEqual(times.toSorted((a, b) => a - b));
  });

  it('keeps the order where there is no jitter', () => {
    const client = new LogsClient({ ...DELAYS, logJitterMs: 0 });
    const written = deliver(client, 60).filter((_, i) => i % 2 === 0);
    const events = client.state.store.groups.get(GROUP)?.streams.get('writer')?.events ?? [];
    expect(events.map(({ message }) => message)).toEqual(written);
  });

  it('is the same for the same seed, and another for another', () => {
    const times = (seed: number): number[] => {
      const client = new LogsClient({ ...DELAYS, seed });
      deliver(client, 50);
      return storedEvents(client).map(({ timestamp }) => timestamp);
    };
    expect(times(7)).toEqual(times(7));
    expect(times(7)).not.toEqual(times(8));
  });

  it('stamps no record before it was written, however large the jitter', () => {
    const client = new LogsClient({ ...DELAYS, logDelayMs: 100, logJitterMs: 5000 });
    deliver(client, 100);
    for (const event of storedEvents(client)) {
      expect(event.timestamp).toBeGreaterThanOrEqual(Math.floor(writtenMs(event)));
    }
  });

  it('ingests a line that is handed in late at that moment, never before', async () => {
    const client = new LogsClient({ ...DELAYS, logJitterMs: 0 });
    client.now = START_MS + 60_000;
    client.state.deliverAuditLine('trading', 'writer', { writtenAt: START_MS * 1000, text: 'late' });
    expect(storedEvents(client)).toMatchObject([
      { timestamp: START_MS + 2000, ingestionTime: START_MS + 60_000 },
    ]);
    expect(await client.values('fields @timestamp', '@timestamp')).toEqual(['2026-01-02 03:04:07.000']);
  });

  it('shows a record to nobody before it is ingested', async () => {
    const client = new LogsClient({ ...DELAYS, logJitterMs: 0 });
    client.state.deliverAuditLine('trading', 'writer', { writtenAt: START_MS * 1000, text: 'line' });
    const [event] = storedEvents(client);
    const seen = async (): Promise<unknown[]> => {
      const stream = { logGroupName: GROUP, logStreamName: 'writer' };
      const filtered = await client.call<{ events: unknown[] }>('FilterLogEvents', { logGroupName: GROUP });
      const got = await client.call<{ events: unknown[] }>('GetLogEvents', stream);
      const streams = await client.call<{ logStreams: { lastEventTimestamp?: number }[] }>(
        'DescribeLogStreams',
        {
          logGroupName: GROUP,
        },
      );
      return [
        (await client.values('fields @message', '@message')).length,
        filtered.events.length,
        got.events.length,
        streams.logStreams[0]?.lastEventTimestamp,
      ];
    };
    client.now = (event?.ingestionTime ?? 0) - 1;
    expect(await seen()).toEqual([0, 0, 0, undefined]);
    client.now += 1;
    expect(await seen()).toEqual([1, 1, 1, START_MS + 2000]);
  });

  it('puts several lines into an event where told to, of one file, in order, none after the record time', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 2, max: 5 }), (seed, auditLinesPerEvent) => {
        const client = new LogsClient({ ...DELAYS, seed, auditLinesPerEvent, auditFiles: 2 });
        const written = deliver(client, 100);
        const events = storedEvents(client);
        expect(events.flatMap(({ message }) => message.split('\n')).sort()).toEqual([...written].sort());
        expect(events.some(({ message }) => message.includes('\n'))).toBe(true);
        for (const { message, timestamp } of events) {
          const times = message.split('\n').map((line) => Number(line.split(',')[0]) / 1000);
          expect(times.length).toBeLessThanOrEqual(auditLinesPerEvent);
          expect(times).toEqual(times.toSorted((a, b) => a - b));
          expect(times.at(-1)).toBeLessThanOrEqual(timestamp);
        }
      }),
    );
  });
});
