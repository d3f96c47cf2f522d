import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import type { SsmState } from './ssm-state';

/** Every version, the oldest first. */
export const getParameterHistory = operation({
  name: 'GetParameterHistory',
  input: z.strictObject({
    Name: z.string().min(1).max(2048),
    WithDecryption: z.boolean().default(false),
    MaxResults: z.int().min(1).max(50).default(50),
    NextToken: z.string().regex(/^\d+$/, "The specified token isn't valid.").optional(),
  }),
  run: ({ Name, WithDecryption, MaxResults, NextToken = '0' }, state: SsmState) => {
    const parameter = state.find(Name);
    if (parameter === undefined) throw new AwsError('ParameterNotFound', `Parameter ${Name} not found.`);
    const newer = parameter.versions.filter(({ version }) => version > Number(NextToken));
    const page = newer.slice(0, MaxResults);
    const last = page.at(-1);
    return {
      Parameters: page.map((version) => ({
        Name: parameter.name,
        Type: version.type,
        KeyId: version.keyId,
        LastModifiedDate: version.modifiedAt,
        LastModifiedUser: `arn:aws:iam::${state.accountId}:user/sandbox`,
        Description: version.description,
        Value:
          version.type === 'SecureString' && WithDecryption ? state.decrypt(version.value) : version.value,
        ...(version.allowedPattern === '' ? {} : { AllowedPattern: version.allowedPattern }),
        Version: version.version,
        Labels: [],
        Tier: version.tier,
        Policies: [],
        DataType: 'text',
      })),
      ...(last !== undefined && newer.length > page.length && { NextToken: String(last.version) }),
    };
  },
});
