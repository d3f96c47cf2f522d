import { ARTEFACTS } from '../../../lib/artefacts/artefact';
import { repointPlanSchema } from '../../../lib/artefacts/repoint-plan';
import { planRepoint, type FoundTarget, type RepointFacts } from '../../../lib/cutover/plan-repoint';
import { renderRepoint } from '../../../lib/cutover/render-repoint';
import { ledgerCluster, restorePlan as planOf } from '../plan/facts';
import {
  failedVerification,
  foundParameter,
  repointFacts,
  repointPlan,
  restoredEndpoint,
  restoredReader,
  sourceEndpoint,
  sourceReader,
  target,
  verifiedCluster,
} from './facts';

const host = (value: string, type = 'String'): Pick<RepointFacts, 'found'> => ({
  found: [foundParameter(value, type)],
});

const FAILED = { value: failedVerification(), sha256: 'c'.repeat(64) };

function secret(text: string): FoundTarget {
  return { kind: 'secret', name: 'prod/db', key: 'host', document: { text, format: 'json', version: 'v1' } };
}

const configuration = {
  kind: 'appconfig',
  name: 'trading/prod/database',
  key: '/database/host',
  applicationId: 'app1',
  environmentId: 'env1',
  profileId: 'prof1',
  deploymentStrategy: 'AppConfig.AllAtOnce',
} as const;

describe('planRepoint', () => {
  test('plans from the source to the restored cluster, as the artefact contract accepts it', () => {
    const planned = planRepoint(repointFacts(), 'forward', false);
    if (!planned.ok) throw new Error(planned.refusal.message);
    expect(
      repointPlanSchema.parse({ schemaVersion: ARTEFACTS.repointPlan.version, ...planned.value.plan }),
    ).toMatchObject({
      direction: 'forward',
      targets: [{ name: '/trading/db/host', oldValue: sourceEndpoint, newValue: restoredEndpoint }],
    });
    expect(renderRepoint(planned.value)).toMatchInlineSnapshot(`
     "Repoint plan of drill d, forward (account 123456789012, eu-central-1)

       SSM parameter /trading/db/host
         from  trading.cluster-c9akciq32rgf.eu-central-1.rds.amazonaws.com
         to    trading-d.cluster-c9akciq32rgf.eu-central-1.rds.amazonaws.com"
    `);
  });

  test.each<[string, Partial<RepointFacts>, object]>([
    [
      'takes a target that is there already as it is, and the source for its way back',
      host(restoredEndpoint),
      target('/trading/db/host'),
    ],
    [
      'takes a reader endpoint to the restored reader',
      host(sourceReader),
      target('/trading/db/host', { oldValue: sourceReader, newValue: restoredReader }),
    ],
    [
      'knows a reader again after its repoint',
      host(restoredReader),
      target('/trading/db/host', { oldValue: sourceReader, newValue: restoredReader }),
    ],
    [
      'keeps the value from before the first repoint',
      {
        ...host(restoredEndpoint),
        previous: repointPlan({ targets: [target('/trading/db/host', { oldValue: 'db.example.com' })] }),
      },
      target('/trading/db/host', { oldValue: 'db.example.com' }),
    ],
    [
      'follows a cluster that was restored anew',
      {
        ...host('trading-first.example.com'),
        previous: repointPlan({
          targets: [target('/trading/db/host', { newValue: 'trading-first.example.com' })],
        }),
      },
      target('/trading/db/host'),
    ],
  ])('%s', (_, facts, expected) => {
    expect(planRepoint(repointFacts(facts), 'forward', false)).toMatchObject({
      ok: true,
      value: { plan: { targets: [expected] } },
    });
  });

  test('takes a target to the cluster that was restored from the one it holds', () => {
    const ledger = 'ledger.cluster-c9akciq32rgf.eu-central-1.rds.amazonaws.com';
    const restored = {
      ...verifiedCluster().restored,
      endpoint: 'ledger-d.example.com',
      readerEndpoint: null,
    };
    const facts = repointFacts({
      restorePlan: planOf({ further: [{ source: ledgerCluster() }] }),
      restored: [verifiedCluster().restored, restored],
      found: [foundParameter(sourceEndpoint), foundParameter(ledger, 'String', '/ledger/db/host')],
    });
    expect(planRepoint(facts, 'forward', false)).toMatchObject({
      ok: true,
      value: {
        plan: {
          targets: [
            { oldValue: sourceEndpoint, newValue: restoredEndpoint },
            { oldValue: ledger, newValue: 'ledger-d.example.com' },
          ],
        },
      },
    });
  });

  test.each<[string, FoundTarget, object]>([
    [
      'a URL in a String',
      foundParameter(`mysql://app:s3cret@${sourceEndpoint}:3306/shop`),
      { kind: 'ssm-parameter-text', type: 'String', version: '1' },
    ],
    [
      'a SecureString, although it is nothing but a host',
      foundParameter(sourceEndpoint, 'SecureString'),
      { kind: 'ssm-parameter-text', type: 'SecureString', version: '1' },
    ],
    [
      'one key of a secret',
      secret(`{"password":"s3cret","host":"${sourceEndpoint}"}`),
      { kind: 'secret', name: 'prod/db', key: 'host', version: 'v1' },
    ],
    [
      'a value of a configuration',
      {
        ...configuration,
        document: {
          text: `password: s3cret\ndatabase:\n  host: ${sourceEndpoint}\n`,
          format: 'yaml',
          version: '7',
        },
      },
      { ...configuration, version: '7' },
    ],
    [
      'a DNS record',
      {
        kind: 'dns-record',
        name: 'db.example.internal',
        zoneId: 'Z1',
        ttlSeconds: 30,
        document: { text: sourceEndpoint, format: 'text', version: sourceEndpoint },
      },
      { kind: 'dns-record', name: 'db.example.internal', zoneId: 'Z1', ttlSeconds: 30 },
    ],
  ])('keeps of %s the host alone', (_, found, expected) => {
    const planned = planRepoint(repointFacts({ found: [found] }), 'forward', false);
    expect(planned).toMatchObject({
      ok: true,
      value: { plan: { targets: [{ ...expected, oldValue: sourceEndpoint, newValue: restoredEndpoint }] } },
    });
    if (!planned.ok) return;
    repointPlanSchema.parse({ schemaVersion: ARTEFACTS.repointPlan.version, ...planned.value.plan });
    expect(JSON.stringify(planned)).not.toContain('s3cret');
  });

  test('says that there was no passed verification, and why it goes on', () => {
    const facts = repointFacts({ verification: FAILED, override: 'the check is wrong: see #12' });
    const planned = planRepoint(facts, 'forward', false);
    if (!planned.ok) throw new Error(planned.refusal.message);
    expect(planned.value.plan.overriddenVerification).toEqual({
      reason: 'the check is wrong: see #12',
      instead: "the verification of drill 'd' failed: damage-absent",
    });
    expect(renderRepoint(planned.value)).toContain('WITHOUT A PASSED VERIFICATION');
  });

  test.each([
    ['which passed', repointFacts({ override: 'to be sure' }), 'forward'],
    [
      'which the way back needs not',
      repointFacts({ override: 'x', verification: FAILED, previous: repointPlan() }),
      'back',
    ],
  ] as const)('overrides no verification %s', (_, facts, direction) => {
    const planned = planRepoint(facts, direction, false);
    if (!planned.ok) throw new Error(planned.refusal.message);
    expect(planned.value.plan).not.toHaveProperty('overriddenVerification');
  });

  test('repoints an unexpected value where told to, and saves it', () => {
    expect(planRepoint(repointFacts(host('cname.example.com')), 'forward', true)).toMatchObject({
      ok: true,
      value: {
        plan: { targets: [target('/trading/db/host', { oldValue: 'cname.example.com' })] },
        changes: [{ from: 'cname.example.com', to: restoredEndpoint }],
      },
    });
  });

  test.each([
    ['of the source', sourceEndpoint.toUpperCase(), false],
    ['that a person vouched for', 'DB.Example.COM', true],
  ])('keeps the case of a host %s for its way back, and knows it again', (_, value, anyValue) => {
    const forward = planRepoint(repointFacts(host(value)), 'forward', anyValue);
    if (!forward.ok) throw new Error(forward.refusal.message);
    expect(forward.value.plan.targets).toMatchObject([{ oldValue: value, newValue: restoredEndpoint }]);
    const previous = { schemaVersion: ARTEFACTS.repointPlan.version, ...forward.value.plan };
    for (const held of [value, restoredEndpoint]) {
      expect(planRepoint(repointFacts({ ...host(held), previous }), 'back', false)).toMatchObject({
        value: { plan: { targets: [{ oldValue: value }] }, changes: [{ from: held, to: value }] },
      });
      expect(planRepoint(repointFacts({ ...host(held), previous }), 'forward', false)).toMatchObject({
        value: { plan: { targets: [{ oldValue: value, newValue: restoredEndpoint }] } },
      });
    }
  });

  test('plans the way back from the saved values, whatever became of the verification', () => {
    const facts = repointFacts({
      ...host(restoredEndpoint),
      previous: repointPlan(),
      verification: undefined,
    });
    expect(planRepoint(facts, 'back', false)).toMatchObject({
      ok: true,
      value: {
        plan: { direction: 'back', targets: [target('/trading/db/host')] },
        changes: [{ from: restoredEndpoint, to: sourceEndpoint }],
      },
    });
  });

  test('shows of a target the host alone, never what stands around it', () => {
    const url = `mysql://app:s3cret@${sourceEndpoint}:3306/trading?password=s3cret`;
    const found = [
      foundParameter(url, 'String'),
      foundParameter(url, 'SecureString'),
      secret(JSON.stringify({ password: 's3cret', host: url })),
    ];
    for (const one of found) {
      const planned = planRepoint(repointFacts({ found: [one] }), 'forward', true);
      if (!planned.ok) throw new Error(planned.refusal.message);
      const rendered = renderRepoint(planned.value);
      expect(rendered).toContain(`from  ${sourceEndpoint}\n    to    ${restoredEndpoint}`);
      expect(rendered + JSON.stringify(planned.value)).not.toContain('s3cret');
    }
  });

  test('says of a target that is there already that nothing changes', () => {
    const planned = planRepoint(
      repointFacts({ ...host(sourceEndpoint), previous: repointPlan() }),
      'back',
      false,
    );
    if (!planned.ok) throw new Error(planned.refusal.message);
    expect(renderRepoint(planned.value)).toContain(`is already ${sourceEndpoint}`);
  });

  test.each<[string, RepointFacts, 'forward' | 'back']>([
    ['not-verified', repointFacts({ verification: FAILED }), 'forward'],
    ['not-verified', repointFacts({ verification: undefined }), 'forward'],
    ['no-targets', repointFacts({ found: [] }), 'forward'],
    ['nothing-to-take-back', repointFacts(), 'back'],
    ['foreign-account', repointFacts({ account: '210987654321' }), 'forward'],
    ['foreign-account', repointFacts({ region: 'us-east-1' }), 'forward'],
    ['unsupported-parameter-type', repointFacts(host(sourceEndpoint, 'StringList')), 'forward'],
    ['unexpected-value', repointFacts(host('cname.example.com')), 'forward'],
    ['unexpected-value', repointFacts({ ...host('changed.example.com'), previous: repointPlan() }), 'back'],
    [
      'unexpected-value',
      // a reader without a restored counterpart must not become a writer in silence
      repointFacts({
        ...host(sourceReader),
        restored: [{ endpoint: restoredEndpoint, readerEndpoint: null }],
      }),
      'forward',
    ],
    ['several-hosts', repointFacts(host(`${sourceEndpoint},${sourceReader}`)), 'forward'],
    ['unexpected-value', repointFacts(host('s3cret')), 'forward'],
    ['unexpected-value', repointFacts({ found: [secret('{"host":"s3cret"}')] }), 'forward'],
    ['no-such-value', repointFacts({ found: [secret('{"password":"s3cret"}')] }), 'forward'],
    ['not-parsable', repointFacts({ found: [secret('s3cret')] }), 'forward'],
  ])('refuses %s', (reason, facts, direction) => {
    const planned = planRepoint(facts, direction, false);
    expect(planned).toMatchObject({ ok: false, refusal: { reason } });
    expect(JSON.stringify(planned)).not.toContain('s3cret');
  });
});
