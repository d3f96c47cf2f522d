import { invalidParameter, notFound } from './errors';
import type { LogsState } from './logs-state';
import type { LogGroup, LogStream } from './store/log-store';

/** Without the `:*` with which some of AWS's answers end it. */
export function groupArn(name: string, { settings }: LogsState): string {
  return `arn:aws:logs:${settings.region}:${settings.accountId}:log-group:${name}`;
}

export function streamArn(group: string, stream: string, state: LogsState): string {
  return `${groupArn(group, state)}:log-stream:${stream}`;
}

/** The group of exactly one of a name and an identifier (a name or an ARN). */
export function findGroup(
  {
    logGroupName,
    logGroupIdentifier,
  }: { logGroupName?: string | undefined; logGroupIdentifier?: string | undefined },
  state: LogsState,
): LogGroup {
  if (logGroupName !== undefined && logGroupIdentifier !== undefined) {
    throw invalidParameter('LogGroup name and LogGroup identifier are mutually exclusive parameters.');
  }
  const identifier = logGroupName ?? logGroupIdentifier;
  if (identifier === undefined) {
    throw invalidParameter('Either LogGroup name or LogGroup identifier must be specified.');
  }
  return groupOf(identifier, state);
}

/** The group of a name or an ARN, with or without `:*` at its end. */
export function groupOf(identifier: string, state: LogsState): LogGroup {
  const own = groupArn('', state);
  if (identifier.startsWith('arn:') && !identifier.startsWith(own)) {
    throw notFound(`The specified log group does not exist: ${identifier}`);
  }
  const name = identifier.startsWith(own) ? identifier.slice(own.length).replace(/:[*]$/, '') : identifier;
  const group = state.store.groups.get(name);
  if (group === undefined) throw notFound('The specified log group does not exist.');
  return group;
}

export function streamOf(group: LogGroup, name: string): LogStream {
  const stream = group.streams.get(name);
  if (stream === undefined) throw notFound('The specified log stream does not exist.');
  return stream;
}
