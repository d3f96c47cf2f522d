import {
  DescribeParametersCommand,
  GetParameterCommand,
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
  type ParameterMetadata,
} from '@aws-sdk/client-ssm';
import { accept, refuse, type Outcome, type Refusal } from '../errors';

export interface Parameter {
  readonly name: string;
  /** `String`, `StringList` or `SecureString`. */
  readonly type: string;
  /** In the clear: of a SecureString this is a secret. */
  readonly value: string;
  /** Grows by one with each write. */
  readonly version: number;
}

export class ParameterStore {
  constructor(private readonly client: SSMClient = new SSMClient({})) {}

  async fetch(name: string): Promise<Outcome<Parameter, Refusal<'parameter-not-found'>>> {
    try {
      const { Parameter: found } = await this.client.send(
        new GetParameterCommand({ Name: name, WithDecryption: true }),
      );
      if (found?.Type === undefined || found.Value === undefined || found.Version === undefined) {
        throw new Error(`SSM answered without type, value or version of '${name}'`);
      }
      return accept({ name, type: found.Type, value: found.Value, version: found.Version });
    } catch (error) {
      if (!(error instanceof ParameterNotFound)) throw error;
      return refuse({
        reason: 'parameter-not-found',
        message: `there is no SSM parameter '${name}' in ${await this.client.config.region()}`,
        hint: 'check the name, AWS_REGION and the account of your credentials',
      });
    }
  }

  /**
   * Writes a new version of a parameter that exists, and leaves the rest of it as it is. SSM would
   * encrypt with the account's default key where the call names none, so the parameter's own one goes
   * with it. Source: SSM API reference, PutParameter, KeyId.
   */
  async put(name: string, value: string): Promise<number> {
    const { Type, KeyId, Tier, DataType, Description, AllowedPattern } = await this.describe(name);
    const { Version: version } = await this.client.send(
      new PutParameterCommand({
        Name: name,
        Value: value,
        Overwrite: true,
        ...withoutEmpty({ Type, KeyId, Tier, DataType, Description, AllowedPattern }),
      }),
    );
    if (version === undefined) throw new Error(`SSM answered without the new version of '${name}'`);
    return version;
  }

  private async describe(name: string): Promise<ParameterMetadata> {
    const { Parameters: [found] = [] } = await this.client.send(
      new DescribeParametersCommand({
        ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values: [name] }],
      }),
    );
    if (found === undefined) throw new Error(`SSM describes no parameter '${name}'`);
    return found;
  }
}

function withoutEmpty<T extends object>(fields: T): T {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''),
  ) as T;
}
