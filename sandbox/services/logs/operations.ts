import type { Operation } from '../../protocols/operation';
import type { LogsState } from './logs-state';

/** Every operation of `Logs_20140328` that the sandbox has. */
export const logsOperations: Operation<LogsState>[] = [];
