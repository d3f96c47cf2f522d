import { repointPlanSchema } from '../../../lib/artefacts';
import { planRepoint, type RepointFacts } from '../../../lib/cutover/plan-repoint';
import { renderRepoint } from '../../../lib/cutover/render-repoint';
import {
  failedVerification,
  repointFacts,
  repointPlan,
  restoredEndpoint,
  restoredReader,
  sourceEndpoint,
  sourceReader,
  target,
  verification,
} from './facts';

const host = (value: string, type = 'String'): Pick<RepointFacts, 'parameters'> => ({
  parameters: [{ name: '/trading/db/host', type, value }],
});

describe('planRepoint', () => {
  test('plans from the source to the restored cluster, as the artefact contract accepts it', () => {
    const planned = planRepoint(repointFacts(), 'forward', false);
    if (!planned.ok) throw new Error(planned.refusal.message);
    expect(repointPlanSchema.parse({ schemaVersion: 1, ...planned.value.plan })).toMatchObject({
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

  test('repoints an unexpected value where told to, and saves it', () => {
    expect(planRepoint(repointFacts(host('cname.example.com')), 'forward', true)).toMatchObject({
      ok: true,
      value: {
        plan: { targets: [target('/trading/db/host', { oldValue: 'cname.example.com' })] },
        changes: [{ from: 'cname.example.com', to: restoredEndpoint }],
      },
    });
  });

  test('plans the way back from the saved values, whatever became of the verification', () => {
    const facts = repointFacts({
      ...host(restoredEndpoint),
      previous: repointPlan(),
      verification: failedVerification(),
    });
    expect(planRepoint(facts, 'back', false)).toMatchObject({
      ok: true,
      value: {
        plan: { direction: 'back', targets: [target('/trading/db/host')] },
        changes: [{ name: '/trading/db/host', from: restoredEndpoint, to: sourceEndpoint }],
      },
    });
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
    ['not-verified', repointFacts({ verification: failedVerification() }), 'forward'],
    ['no-targets', repointFacts({ parameters: [] }), 'forward'],
    ['nothing-to-take-back', repointFacts(), 'back'],
    ['foreign-account', repointFacts({ account: '210987654321' }), 'forward'],
    ['foreign-account', repointFacts({ region: 'us-east-1' }), 'forward'],
    ['unsupported-parameter-type', repointFacts(host('AQICAHh', 'SecureString')), 'forward'],
    ['unexpected-value', repointFacts(host('cname.example.com')), 'forward'],
    ['unexpected-value', repointFacts({ ...host('changed.example.com'), previous: repointPlan() }), 'back'],
    [
      'unexpected-value',
      // a reader without a restored counterpart must not become a writer in silence
      repointFacts({
        ...host(sourceReader),
        verification: verification({
          restored: {
            clusterIdentifier: 'trading-d',
            endpoint: restoredEndpoint,
            readerEndpoint: null,
            port: 3307,
          },
        }),
      }),
      'forward',
    ],
  ])('refuses %s', (reason, facts, direction) => {
    expect(planRepoint(facts, direction, false)).toMatchObject({ ok: false, refusal: { reason } });
  });
});
