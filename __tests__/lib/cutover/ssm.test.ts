import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { fetchParameter } from '../../../lib/cutover/ssm';

const ssm = mockClient(SSMClient);
const client = new SSMClient({ region: 'eu-central-1' });
beforeEach(() => ssm.reset());

describe('fetchParameter', () => {
  test('reads type and value, and asks for no decryption', async () => {
    ssm
      .on(GetParameterCommand, { Name: '/trading/db/host' }, true)
      .resolves({ Parameter: { Name: '/trading/db/host', Type: 'String', Value: 'db.example.com' } });
    expect(await fetchParameter('/trading/db/host', client)).toEqual({
      ok: true,
      value: { name: '/trading/db/host', type: 'String', value: 'db.example.com' },
    });
  });

  test('refuses a parameter that is not there', async () => {
    ssm.on(GetParameterCommand).rejects(new ParameterNotFound({ message: '', $metadata: {} }));
    expect(await fetchParameter('/nope', client)).toMatchObject({
      ok: false,
      refusal: {
        reason: 'parameter-not-found',
        message: "there is no SSM parameter '/nope' in eu-central-1",
      },
    });
  });

  test('passes any other error on', async () => {
    ssm.on(GetParameterCommand).rejects(new Error('AccessDenied'));
    await expect(fetchParameter('/nope', client)).rejects.toThrow('AccessDenied');
  });
});
