import { ssmService } from '../../../../sandbox/services/ssm/ssm-service';
import { SsmState } from '../../../../sandbox/services/ssm/ssm-state';

export type Call = (operation: string, input?: object) => Promise<Record<string, unknown>>;

/** SSM with these String parameters in it. */
export async function openSsm(...names: string[]): Promise<Call> {
  const service = ssmService(new SsmState('000000000000', 'us-east-2'));
  const call: Call = async (operation, input = {}) =>
    (await service.invoke(operation, input)) as Record<string, unknown>;
  for (const Name of names) await call('PutParameter', { Name, Value: `value of ${Name}`, Type: 'String' });
  return call;
}

export function awsError(code: string, message = ''): unknown {
  return expect.objectContaining({ code, message: expect.stringContaining(message) as string });
}
