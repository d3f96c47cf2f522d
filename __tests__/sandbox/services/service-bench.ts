import type { Service } from '../../../sandbox/protocols/service';

export type Answer = Record<string, unknown>;
export type Call = (operation: string, input?: object) => Promise<Answer>;

/** Calls a service as the protocol layer does. */
export function callerOf(service: Service): Call {
  return async (operation, input = {}) => (await service.invoke(operation, input)) as Answer;
}

export function awsError(code: string, message = ''): unknown {
  return expect.objectContaining({ code, message: expect.stringContaining(message) as string });
}
