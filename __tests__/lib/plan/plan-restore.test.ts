import { restorePlanSchema } from '../../../lib/artefacts';
import { planRestore, type PlanRefusal, type RestorePlanBody } from '../../../lib/plan/plan-restore';
import { renderPlan } from '../../../lib/plan/render-plan';
import { at, planFacts, planWishes, sourceCluster } from './facts';

function planned(...args: Parameters<typeof planRestore>): RestorePlanBody {
  const plan = planRestore(...args);
  if (!plan.ok) throw new Error(plan.refusal.message);
  return plan.value;
}

describe('planRestore', () => {
  test('makes a plan that the artefact contract accepts', () => {
    const plan = planned(planFacts(), planWishes());
    expect(restorePlanSchema.parse({ schemaVersion: 1, ...plan })).toMatchObject({
      account: '123456789012',
      region: 'eu-central-1',
      restoreTo: '2026-01-08T10:12:13Z',
      madeAt: '2026-01-08T10:30:00.000000Z',
      expiresAt: '2026-01-11T10:30:00Z',
      madeFrom: { 'incident.json': 'a'.repeat(64) },
      window: { earliestAt: '2026-01-01T00:00:00.000000Z', latestAt: '2026-01-08T10:25:00.000000Z' },
      restored: {
        clusterIdentifier: 'trading-2026-01-08-accounts',
        drillTags: {
          'restore-drill': '2026-01-08-accounts',
          'restore-drill-source': 'trading',
          'restore-drill-point': '2026-01-08T10:12:13Z',
          'restore-drill-expires': '2026-01-11T10:30:00Z',
        },
      },
    });
  });

  const earlier = sourceCluster({ latestRestorableAt: at('2026-01-08T10:00:00Z') });
  test.each<[PlanRefusal['reason'], Parameters<typeof planRestore>]>([
    ['unsupported-engine', [planFacts({ source: sourceCluster({ engine: 'mysql' }) }), planWishes()]],
    [
      'unsupported-engine',
      [planFacts({ source: sourceCluster({ engineMode: 'serverless' }) }), planWishes()],
    ],
    ['foreign-cluster', [planFacts({ account: '210987654321' }), planWishes()]],
    ['foreign-cluster', [planFacts({ region: 'us-east-1' }), planWishes()]],
    ['restore-point-too-recent', [planFacts({ source: earlier }), planWishes()]],
    ['no-instances', [planFacts({ source: sourceCluster({ instances: [] }) }), planWishes()]],
    ['invalid-name', [planFacts(), planWishes({ clusterIdentifier: '-' })]],
    ['name-taken', [planFacts(), planWishes({ clusterIdentifier: 'trading' })]],
  ])('refuses %s', (reason, args) => {
    expect(planRestore(...args)).toMatchObject({ ok: false, refusal: { reason } });
  });
});

describe('a restore in earnest', () => {
  const source = sourceCluster({ deletionProtection: false });
  const { restored, differences } = planned(planFacts({ source }), planWishes({ earnest: true }));

  test('is protected, and leaves a snapshot when it is destroyed', () => {
    expect(restored).toMatchObject({
      deletionProtection: true,
      finalSnapshotIdentifier: 'trading-2026-01-08-accounts-final',
    });
    expect(differences).toEqual(
      expect.arrayContaining([
        'deletion protection (the source has none), since the cluster is meant to stay',
        'a final snapshot trading-2026-01-08-accounts-final is taken when it is destroyed',
      ]),
    );
  });

  test('is tagged with its drill, but never as something that expires', () => {
    expect(Object.keys(restored.drillTags)).toEqual([
      'restore-drill',
      'restore-drill-source',
      'restore-drill-point',
    ]);
    const drill = planned(planFacts(), planWishes()).restored;
    expect(drill.drillTags).toHaveProperty('restore-drill-expires');
    expect(drill.finalSnapshotIdentifier).toBeUndefined();
  });
});

describe('renderPlan', () => {
  test('shows what a person approves', () => {
    const wishes = planWishes({ instances: { count: 1, instanceClass: 'db.t4g.medium' } });
    expect(renderPlan(planned(planFacts(), wishes))).toMatchInlineSnapshot(`
     "Restore plan of drill 2026-01-08-accounts (account 123456789012, eu-central-1)

       restore          trading  (aurora-mysql 8.0.mysql_aurora.3.08.2, stays as it is)
       to               2026-01-08T10:12:13Z  (point-in-time: the restore point is inside the restorable window, so of what others committed before the damage at most the last 1.6 s are lost)
       into             trading-2026-01-08-accounts  (a new cluster)
       with             trading-2026-01-08-accounts-1  db.t4g.medium  like trading-a
       window           2026-01-01T00:00:00.000000Z to 2026-01-08T10:25:00.000000Z
       endpoint now     trading.cluster-c9akciq32rgf.eu-central-1.rds.amazonaws.com:3307
       then             trading-2026-01-08-accounts.cluster-c9akciq32rgf.eu-central-1.rds.amazonaws.com
       parameter group  trading-cluster  (as the source)
       subnet group     databases  (as the source)
       security groups  sg-0a1b2c3d4e5f60718  (as the source)
       encryption       arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab  (as the source)
       expires          2026-01-11T10:30:00Z  (3 d after it was made)

     Different from the source on purpose:
       - 1 instance (the source has 2)
       - instance trading-2026-01-08-accounts-1 is db.t4g.medium (trading-a is db.r7g.2xlarge)
       - no deletion protection (the source has it), so that the drill can be destroyed
       - tagged restore-drill=2026-01-08-accounts, restore-drill-source=trading, restore-drill-point=2026-01-08T10:12:13Z, restore-drill-expires=2026-01-11T10:30:00Z
       - without the tags aws:cloudformation:stack-name"
    `);
  });

  test('promises no endpoint where the present one does not tell how AWS builds them', () => {
    const source = sourceCluster({ endpoint: '127.0.0.7' });
    expect(renderPlan(planned(planFacts({ source }), planWishes()))).toContain(
      'given by AWS once it is created',
    );
  });
});
