import {
  DescribeParametersCommand,
  GetParameterCommand,
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { ParameterStore } from '../../../lib/cutover/ssm';

const ssm = mockClient(SSMClient);
const store = new ParameterStore(new SSMClient({ region: 'eu-central-1' }));
beforeEach(() => ssm.reset());

describe('ParameterStore', () => {
  test('reads type, value and version', async () => {
    ssm.on(GetParameterCommand, { Name: '/trading/db/host', WithDecryption: true }, true).resolves({
      Parameter: { Name: '/trading/db/host', Type: 'SecureString', Value: 'db.example.com', Version: 7 },
    });
    expect(await store.fetch('/trading/db/host')).toEqual({
      ok: true,
      value: { name: '/trading/db/host', type: 'SecureString', value: 'db.example.com', version: 7 },
    });
  });

  test('refuses a parameter that is not there', async () => {
    ssm.on(GetParameterCommand).rejects(new ParameterNotFound({ message: '', $metadata: {} }));
    expect(await store.fetch('/nope')).toMatchObject({
      ok: false,
      refusal: {
        reason: 'parameter-not-found',
        message: "there is no SSM parameter '/nope' in eu-central-1",
      },
    });
  });

  test('passes any other error on', async () => {
    ssm.on(GetParameterCommand).rejects(new Error('AccessDenied'));
    await expect(store.fetch('/nope')).rejects.toThrow('AccessDenied');
  });

  test('writes a new version under the key and in the tier that the parameter has', async () => {
    ssm.on(DescribeParametersCommand).resolves({
      Parameters: [
        {
          Name: '/p',
          Type: 'SecureString',
          KeyId: 'alias/trading',
          Tier: 'Advanced',
          DataType: 'text',
          Description: '',
          LastModifiedUser: 'someone',
        },
      ],
    });
    ssm
      .on(
        PutParameterCommand,
        {
          Name: '/p',
          Value: 'v',
          Overwrite: true,
          Type: 'SecureString',
          KeyId: 'alias/trading',
          Tier: 'Advanced',
          DataType: 'text',
        },
        true,
      )
      .resolves({ Version: 8 });
    expect(await store.put('/p', 'v')).toBe(8);
  });
});
