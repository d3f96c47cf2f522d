import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { accept, refuse, type Outcome, type Refusal } from '../errors';

export interface Secret {
  /** In the clear: never to be kept, shown or logged. */
  readonly text: string;
  readonly versionId: string;
  readonly arn: string;
}

export type SecretRefusal = Refusal<'secret-not-found' | 'binary-secret' | 'rotation-under-way'>;

/** What is written shows a little later everywhere. */
const LOOKS = 5;

export class Secrets {
  constructor(
    private readonly client: SecretsManagerClient = new SecretsManagerClient({}),
    private readonly pauseMs = 500,
  ) {}

  /** The version that applications get: AWSCURRENT. */
  async fetch(name: string): Promise<Outcome<Secret, SecretRefusal>> {
    try {
      const {
        SecretString: text,
        VersionId: versionId,
        ARN: arn = '',
      } = await this.client.send(new GetSecretValueCommand({ SecretId: name }));
      if (versionId === undefined) throw new Error(`Secrets Manager answered without a version of '${name}'`);
      if (text === undefined) {
        return refuse({
          reason: 'binary-secret',
          message: `secret '${name}' is binary, expected text`,
          hint: 'name a secret that holds the host as text or within JSON',
        });
      }
      const settled = await this.checkNotRotating(name, versionId);
      return settled.ok ? accept({ text, versionId, arn }) : settled;
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
      return refuse({
        reason: 'secret-not-found',
        message: `there is no secret '${name}' with a current value in ${await this.client.config.region()}`,
        hint: 'check the name, AWS_REGION and the account of your credentials',
      });
    }
  }

  /**
   * A rotation has made its version from the present one before it ends: what is written meanwhile it
   * takes back. Source: AWS Secrets Manager User Guide, "Lambda rotation functions", finish_secret.
   */
  private async checkNotRotating(
    name: string,
    current: string,
  ): Promise<Outcome<undefined, Refusal<'rotation-under-way'>>> {
    const { VersionIdsToStages: stages = {} } = await this.client.send(
      new DescribeSecretCommand({ SecretId: name }),
    );
    const pending = Object.keys(stages).find((id) => stages[id]?.includes('AWSPENDING'));
    if (pending === undefined || pending === current) return accept(undefined);
    return refuse({
      reason: 'rotation-under-way',
      message: `secret '${name}' is being rotated: version ${pending} is pending, with the host from before, and would take the place of what is written now`,
      hint: `wait until it is over; where it has failed: aws secretsmanager cancel-rotate-secret --secret-id ${name}, and aws secretsmanager update-secret-version-stage --secret-id ${name} --version-stage AWSPENDING --remove-from-version-id ${pending}`,
    });
  }

  /**
   * Makes a text the current version; the one that was current becomes AWSPREVIOUS. The same token
   * with the same text is one write, however often it is sent: so a version that was made before, and
   * from which the stage was taken since, does not become current again, which is looked at afterwards.
   * Source: Secrets Manager API reference, PutSecretValue, ClientRequestToken.
   */
  async put(name: string, text: string, token: string): Promise<Outcome<string, Refusal<'not-current'>>> {
    const { VersionId: versionId } = await this.client.send(
      new PutSecretValueCommand({ SecretId: name, SecretString: text, ClientRequestToken: token }),
    );
    if (versionId === undefined)
      throw new Error(`Secrets Manager answered without the new version of '${name}'`);
    for (let look = 1; look <= LOOKS; look += 1) {
      if (await this.isCurrent(name, versionId)) return accept(versionId);
      await sleep(this.pauseMs);
    }
    return refuse({
      reason: 'not-current',
      message: `version ${versionId} of secret '${name}' is written, but another one is AWSCURRENT: somebody has written after it, or moved the stage`,
      hint: 'find out who did, then plan again and apply that',
    });
  }

  private async isCurrent(name: string, versionId: string): Promise<boolean> {
    const { VersionIdsToStages: stages = {} } = await this.client.send(
      new DescribeSecretCommand({ SecretId: name }),
    );
    return stages[versionId]?.includes('AWSCURRENT') ?? false;
  }
}
