import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

/** Whose credentials these are, as STS sees them. */
export interface CallerIdentity {
  readonly account: string;
  readonly arn: string;
}

export async function fetchCallerIdentity(client: STSClient = new STSClient({})): Promise<CallerIdentity> {
  const { Account: account, Arn: arn } = await client.send(new GetCallerIdentityCommand({}));
  if (account === undefined || arn === undefined) throw new Error('STS answered without an account');
  return { account, arn };
}
