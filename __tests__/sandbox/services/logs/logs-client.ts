import { logsOperations } from '../../../../sandbox/services/logs/operations';
import { LogsState } from '../../../../sandbox/services/logs/logs-state';
import type { LogsSettings } from '../../../../sandbox/services/logs/settings';
import { AwsError } from '../../../../sandbox/protocols/operation';

export const START_MS = Date.parse('2026-01-02T03:04:05.000Z');
export const GROUP = '/aws/rds/cluster/trading/audit';

/** The sandbox's CloudWatch Logs with a clock that stands still until told otherwise. */
export class LogsClient {
  now = START_MS;
  readonly state: LogsState;

  constructor(settings: Partial<LogsSettings> = {}) {
    this.state = new LogsState({ queryDurationMs: 0, now: () => this.now, ...settings });
  }

  /** Calls an operation as the protocol layer does, the input checked. */
  async call<Output>(name: string, input: object): Promise<Output> {
    const operation = logsOperations.find((each) => each.name === name);
    if (operation === undefined) throw new Error(`no operation ${name}`);
    return (await operation.run(operation.input.parse(input), this.state, { accessKeyId: '' })) as Output;
  }

  /** The code of the error that an operation answers. */
  async refusal(name: string, input: object): Promise<{ code: string; message: string }> {
    try {
      await this.call(name, input);
    } catch (error) {
      if (error instanceof AwsError) return { code: error.code, message: error.message };
      throw error;
    }
    throw new Error(`${name} was not refused`);
  }

  /** Makes a stream with messages one second apart, the first at the start of the clock. */
  async load(messages: readonly string[], stream = 'writer'): Promise<void> {
    if (!this.state.store.groups.has(GROUP)) await this.call('CreateLogGroup', { logGroupName: GROUP });
    await this.call('CreateLogStream', { logGroupName: GROUP, logStreamName: stream });
    await this.call('PutLogEvents', {
      logGroupName: GROUP,
      logStreamName: stream,
      logEvents: messages.map((message, i) => ({ timestamp: START_MS + i * 1000, message })),
    });
  }

  /** Starts a query over everything that there may be. */
  async query(queryString: string, more: object = {}): Promise<string> {
    const window = { startTime: START_MS / 1000 - 3600, endTime: START_MS / 1000 + 3600 };
    const started = await this.call<{ queryId: string }>('StartQuery', {
      logGroupName: GROUP,
      ...window,
      queryString,
      ...more,
    });
    return started.queryId;
  }

  async results(queryId: string, more: object = {}): Promise<Results> {
    return this.call<Results>('GetQueryResults', { queryId, ...more });
  }

  /** The values of one field of a query's result. */
  async values(queryString: string, field: string): Promise<(string | undefined)[]> {
    const { results } = await this.results(await this.query(queryString));
    return results.map((row) => row.find((each) => each.field === field)?.value);
  }
}

export interface Results {
  readonly status: string;
  readonly results: readonly (readonly { field: string; value: string }[])[];
  readonly statistics: { recordsMatched: number; recordsScanned: number; bytesScanned: number };
  readonly nextToken?: string;
}
