import type { Configurations, DeployedConfiguration } from '../../../lib/cutover/appconfig';
import { formatOf, openDocument, type Gateways } from '../../../lib/cutover/document-stores';
import type { Secrets } from '../../../lib/cutover/secrets-manager';
import type { ParameterStore } from '../../../lib/cutover/ssm';
import { accept } from '../../../lib/errors';
import { configurationTarget, secretTarget } from './facts';

/** A place of AppConfig with a deployment that may be unfinished, and what was deployed before it. */
class Place {
  readonly calls: string[] = [];
  rolledBack = false;
  before: DeployedConfiguration = deployed({ text: 'before', version: 1 });

  constructor(
    private now: DeployedConfiguration,
    private readonly ours: boolean,
  ) {}

  gateways(): Gateways {
    const configurations: Partial<Configurations> = {
      fetchDeployed: () => Promise.resolve(accept(this.now)),
      isOurs: () => Promise.resolve(this.ours),
      waitFor: async (_place, number) => {
        await this.note(`wait for ${number}`);
        if (!this.rolledBack) return 'there';
        this.now = this.before;
        return 'taken-back';
      },
      takeBack: (_place, number) => {
        this.now = this.before;
        return this.note(`take back ${number}`);
      },
      deploy: (_place, { text, contentType }, strategy) => {
        this.calls.push(`deploy ${text} as ${contentType} by ${strategy}`);
        return Promise.resolve(accept(7));
      },
    };
    return {
      configurations: configurations as Configurations,
      parameters: {
        fetch: (name: string) =>
          Promise.resolve(accept({ name, type: 'SecureString', value: 'text', version: 3 })),
        put: () => Promise.resolve(4),
      } as unknown as ParameterStore,
      secrets: {
        fetch: () => Promise.resolve(accept({ text: '{}', versionId: 'v1', arn: 'arn:1' })),
        put: (_name: string, _text: string, token: string) => Promise.resolve(accept(token)),
      } as unknown as Secrets,
      signal: new AbortController().signal,
    };
  }

  private note(call: string): Promise<void> {
    this.calls.push(call);
    return Promise.resolve();
  }
}

function deployed(over: Partial<DeployedConfiguration> = {}): DeployedConfiguration {
  return { text: 'now', contentType: 'application/json', version: 2, unfinishedDeployment: null, ...over };
}

describe('a configuration as a document', () => {
  test('is read once every client gets it', async () => {
    const place = new Place(deployed({ unfinishedDeployment: 9 }), true);
    const store = openDocument(configurationTarget(), place.gateways());
    expect(await store.fetch()).toEqual({ ok: true, value: { text: 'now', format: 'json', version: '2' } });
    expect(place.calls).toEqual(['wait for 9']);
  });

  test('is what clients get again where a deployment is rolled back while it is waited for', async () => {
    const place = new Place(deployed({ unfinishedDeployment: 9 }), false);
    place.rolledBack = true;
    const store = openDocument(configurationTarget(), place.gateways());
    expect(await store.fetch()).toMatchObject({ value: { text: 'before', version: '1' } });
  });

  test.each<[string, Partial<DeployedConfiguration>, boolean, string, string[]]>([
    [
      'is deployed by the strategy of the plan, as what it was',
      {},
      false,
      'new',
      ['deploy new as application/json by AppConfig.AllAtOnce'],
    ],
    [
      'is had by taking our own unfinished deployment back',
      { unfinishedDeployment: 9 },
      true,
      'before',
      ['take back 9'],
    ],
    [
      'is deployed after our own unfinished deployment was taken back, where that is not enough',
      { unfinishedDeployment: 9 },
      true,
      'new',
      ['take back 9', 'deploy new as application/json by AppConfig.AllAtOnce'],
    ],
    [
      "leaves somebody else's unfinished deployment to the refusal of another one",
      { unfinishedDeployment: 9 },
      false,
      'new',
      ['deploy new as application/json by AppConfig.AllAtOnce'],
    ],
  ])('%s', async (_, over, ours, text, calls) => {
    const place = new Place(deployed(over), ours);
    const put = await openDocument(configurationTarget(), place.gateways()).put(text, 'token');
    expect(put).toEqual({ ok: true, value: text === 'before' ? '1' : '7' });
    expect(place.calls).toEqual(calls);
  });
});

test('a secret is written under the token, and a parameter gets its next version', async () => {
  const gateways = new Place(deployed(), false).gateways();
  const secret = openDocument(secretTarget(), gateways);
  expect(await secret.fetch()).toMatchObject({ value: { format: 'json', version: 'v1' } });
  expect(await secret.put('{}', 'token')).toEqual({ ok: true, value: 'token' });
  const { key: _, ...hosts } = secretTarget();
  const parameter = openDocument({ ...hosts, kind: 'ssm-parameter-text', type: 'SecureString' }, gateways);
  expect(await parameter.fetch()).toMatchObject({ value: { text: 'text', format: 'text', version: '3' } });
  expect(await parameter.put('x', 'token')).toEqual({ ok: true, value: '4' });
});

test.each([
  ['application/json', 'json'],
  ['application/json; charset=utf-8', 'json'],
  ['application/vnd.shop+json', 'json'],
  ['application/x-yaml', 'yaml'],
  ['application/yaml', 'yaml'],
  ['text/plain', 'text'],
])('%s is read as %s', (contentType, format) => {
  expect(formatOf(contentType)).toBe(format);
});
