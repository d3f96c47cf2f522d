import { secretsService } from '../../../../sandbox/services/secretsmanager/secrets-service';
import { SecretsState } from '../../../../sandbox/services/secretsmanager/secrets-state';
import { callerOf, type Call } from '../service-bench';

/** A ClientRequestToken, which becomes the version's id. */
export const token = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** Secrets Manager with the secret `db` of this many versions, `value 1` and so on. */
export async function openSecrets(versions = 1): Promise<Call> {
  const call = callerOf(secretsService(new SecretsState('000000000000', 'us-east-2')));
  await call('CreateSecret', { Name: 'db', ClientRequestToken: token(1), SecretString: 'value 1' });
  for (let n = 2; n <= versions; n++) {
    await call('PutSecretValue', {
      SecretId: 'db',
      ClientRequestToken: token(n),
      SecretString: `value ${n}`,
    });
  }
  return call;
}

export async function stagesOf(call: Call): Promise<unknown> {
  return (await call('DescribeSecret', { SecretId: 'db' }))['VersionIdsToStages'];
}
