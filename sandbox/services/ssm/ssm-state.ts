import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AwsError } from '../../protocols/operation';

export type ParameterType = 'String' | 'StringList' | 'SecureString';
export type Tier = 'Standard' | 'Advanced';

export interface ParameterVersion {
  readonly version: number;
  readonly type: ParameterType;
  /** Of a SecureString its ciphertext. */
  readonly value: string;
  readonly keyId: string | undefined;
  readonly description: string | undefined;
  readonly tier: Tier;
  /** A regular expression, or empty. */
  readonly allowedPattern: string;
  readonly modifiedAt: Date;
}

export interface Parameter {
  readonly name: string;
  /** Oldest first, never empty. */
  readonly versions: readonly [ParameterVersion, ...ParameterVersion[]];
  readonly tags: ReadonlyMap<string, string>;
}

/** The account's parameters. SecureString values are held encrypted under a key of this process. */
export class SsmState {
  readonly parameters = new Map<string, Parameter>();
  private readonly key = randomBytes(32);

  constructor(
    readonly accountId: string,
    readonly region: string,
  ) {}

  /** By name; of a parameter's ARN the name. */
  find(nameOrArn: string): Parameter | undefined {
    const path = /^arn:aws:ssm:[^:]*:\d{12}:parameter(\/.+)$/.exec(nameOrArn)?.[1];
    if (path === undefined) return this.parameters.get(nameOrArn);
    return this.parameters.get(path) ?? this.parameters.get(path.slice(1));
  }

  arnOf(name: string): string {
    const path = name.startsWith('/') ? name : `/${name}`;
    return `arn:aws:ssm:${this.region}:${this.accountId}:parameter${path}`;
  }

  /** @throws AwsError for what has no parameters here, and where there is none of this name */
  taggable(resourceType: string, resourceId: string): Parameter {
    if (resourceType !== 'Parameter') {
      throw new AwsError('InvalidResourceType', `the sandbox has no ${resourceType}, only Parameter`);
    }
    const parameter = this.parameters.get(resourceId);
    if (parameter === undefined) {
      throw new AwsError('InvalidResourceId', `there is no parameter '${resourceId}'`);
    }
    return parameter;
  }

  setTags(parameter: Parameter, tags: ReadonlyMap<string, string>): void {
    if (tags.size > 50) throw new AwsError('TooManyTagsError', `${tags.size} tags are more than 50`);
    this.parameters.set(parameter.name, { ...parameter, tags });
  }

  encrypt(value: string): string {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.key, iv);
    const encrypted = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), encrypted]).toString('base64');
  }

  decrypt(ciphertext: string): string {
    const bytes = Buffer.from(ciphertext, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  }
}

export function latestOf({ versions }: Parameter): ParameterVersion {
  return versions.at(-1) ?? versions[0];
}
