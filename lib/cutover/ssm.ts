import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { accept, refuse, type Outcome, type Refusal } from '../errors';

export interface Parameter {
  readonly name: string;
  /** `String`, `StringList` or `SecureString`. */
  readonly type: string;
  /** Of a SecureString, the encrypted text: no secret is read. */
  readonly value: string;
}

export async function fetchParameter(
  name: string,
  client: SSMClient = new SSMClient({}),
): Promise<Outcome<Parameter, Refusal<'parameter-not-found'>>> {
  try {
    const { Parameter: found } = await client.send(new GetParameterCommand({ Name: name }));
    if (found?.Type === undefined || found.Value === undefined) {
      throw new Error(`SSM answered without type or value of '${name}'`);
    }
    return accept({ name, type: found.Type, value: found.Value });
  } catch (error) {
    if (!(error instanceof ParameterNotFound)) throw error;
    return refuse({
      reason: 'parameter-not-found',
      message: `there is no SSM parameter '${name}' in ${await client.config.region()}`,
      hint: 'check the name, AWS_REGION and the account of your credentials',
    });
  }
}
