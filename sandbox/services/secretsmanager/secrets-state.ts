import { randomInt } from 'node:crypto';
import { AwsError } from '../../protocols/operation';
import type { Secret } from './secret';

/** The account's secrets, by name. */
export class SecretsState {
  readonly secrets = new Map<string, Secret>();

  constructor(
    private readonly accountId: string,
    private readonly region: string,
  ) {}

  newArn(name: string): string {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
    const suffix = Array.from({ length: 6 }, () => letters.charAt(randomInt(letters.length))).join('');
    return `arn:aws:secretsmanager:${this.region}:${this.accountId}:secret:${name}-${suffix}`;
  }

  /**
   * By name, ARN, or ARN without the six characters at its end; also one that is scheduled for deletion.
   * @throws AwsError where there is none
   */
  find(secretId: string): Secret {
    const found =
      this.secrets.get(secretId) ??
      [...this.secrets.values()].find(({ arn }) => arn === secretId || arn.slice(0, -7) === secretId);
    // a deletion that was scheduled happens when its day has come
    if (found !== undefined && (found.deletedAt === undefined || found.deletedAt > new Date())) return found;
    if (found !== undefined) this.secrets.delete(found.name);
    throw notFound("Secrets Manager can't find the specified secret.");
  }

  /** @throws AwsError where there is none, or only one that is scheduled for deletion */
  findLive(secretId: string): Secret {
    const secret = this.find(secretId);
    if (secret.deletedAt === undefined) return secret;
    throw invalidRequest(
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  }
}

export function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}

export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequestException', message);
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}
