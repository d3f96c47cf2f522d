import { restorePlanSchema } from '../../../lib/artefacts/restore-plan';
import { planRestore, type PlanRefusal, type RestorePlanBody } from '../../../lib/plan/plan-restore';
import { renderPlan } from '../../../lib/plan/render-plan';
import {
  at,
  backedUpCluster,
  ledgerCluster,
  planFacts,
  planWishes,
  snapshot,
  snapshotPlan,
  sourceCluster,
} from './facts';

function planned(...args: Parameters<typeof planRestore>): RestorePlanBody {
  const plan = planRestore(...args);
  if (!plan.ok) throw new Error(plan.refusal.message);
  return plan.value;
}

describe('planRestore', () => {
  test('makes a plan that the artefact contract accepts', () => {
    const plan = planned(planFacts(), planWishes());
    expect(restorePlanSchema.parse({ schemaVersion: 2, ...plan })).toMatchObject({
      account: '123456789012',
      region: 'eu-central-1',
      restoreTo: '2026-01-08T10:12:13Z',
      madeAt: '2026-01-08T10:30:00.000000Z',
      expiresAt: '2026-01-11T10:30:00Z',
      madeFrom: { 'incident.json': 'a'.repeat(64) },
      clusters: [
        {
          dataAt: '2026-01-08T10:12:13Z',
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
        },
      ],
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

describe('a plan by a snapshot', () => {
  test('says what that loses, and holds although the window has passed', () => {
    const plan = restorePlanSchema.parse(snapshotPlan());
    const [cluster] = plan.clusters;
    expect(plan.expiresAt).toBe('2026-01-11T10:30:00Z');
    expect(cluster).toMatchObject({
      dataAt: '2026-01-07T03:10:00Z',
      loses:
        "everything that was committed from 2026-01-07T03:10:00Z, when the snapshot was made, to the damage: 1 d 7 h of everyone's work",
      method: { kind: 'snapshot', snapshot: { identifier: 'nightly', createdAt: '2026-01-07T03:10:00Z' } },
      window: { earliestAt: '2026-01-08T10:20:00.000000Z' },
    });
  });

  test('names the engine version of the snapshot where the source has moved on', () => {
    const old = snapshot({ cluster: backedUpCluster({ engineVersion: '8.0.mysql_aurora.3.05.2' }) });
    expect(snapshotPlan({ snapshots: [old] }).clusters[0].differences).toContain(
      'engine version 8.0.mysql_aurora.3.05.2, as the snapshot has it (the source has 8.0.mysql_aurora.3.08.2)',
    );
  });

  test('asks for parameter groups where the snapshot is of another major version than the source now', () => {
    const old = snapshot({ cluster: backedUpCluster({ engineVersion: '5.7.mysql_aurora.2.11.4' }) });
    expect(() => snapshotPlan({ snapshots: [old] })).toThrow(
      "snapshot 'nightly' is of aurora-mysql 5.7.mysql_aurora.2.11.4, but the parameter groups of DB cluster 'trading' are for 8.0.mysql_aurora.3.08.2",
    );
  });

  test('takes for each further cluster its own newest', () => {
    const ledger = {
      source: ledgerCluster(),
      snapshots: [
        snapshot({
          identifier: 'of-ledger',
          createdAt: at('2026-01-08T03:00:00Z'),
          cluster: backedUpCluster({ identifier: 'ledger', resourceId: ledgerCluster().resourceId }),
        }),
      ],
    };
    const plan = planned(
      planFacts({ snapshots: [snapshot()], further: [ledger] }),
      planWishes({ method: { kind: 'snapshot', snapshot: 'nightly' } }),
    );
    expect(plan.clusters.map(({ dataAt }) => dataAt)).toEqual([
      '2026-01-07T03:10:00Z',
      '2026-01-08T03:00:00Z',
    ]);
  });
});

describe('a restore point at the edge of the window', () => {
  const edge = (earliest: string, backupRetentionDays: number): ReturnType<typeof planRestore> =>
    planRestore(
      planFacts({
        source: sourceCluster({ earliestRestorableAt: at(earliest), backupRetentionDays }),
        now: at('2026-01-09T10:22:13Z'),
      }),
      planWishes(),
    );

  test('is planned for as long as RDS keeps it, out of the retention too', () => {
    expect(edge('2026-01-08T09:52:13Z', 1)).toMatchObject({ value: { expiresAt: '2026-01-09T10:42:13Z' } });
  });

  test('is refused where no time would be left', () => {
    expect(edge('2026-01-08T10:12:13Z', 1)).toMatchObject({
      refusal: { reason: 'restore-point-leaves-window' },
    });
  });
});

test('the plan names another cluster that had the name and that its snapshot is of', () => {
  const earlier = snapshot({ cluster: backedUpCluster({ resourceId: 'cluster-EARLIER' }) });
  expect(snapshotPlan({ snapshots: [earlier] }).clusters[0].differences).toContain(
    'the data is of another DB cluster that was named trading: the snapshot is of cluster-EARLIER (the source is cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ)',
  );
  expect(snapshotPlan().clusters[0].differences.join()).not.toContain('another DB cluster');
});

test('settings that a person chose are named as differences', () => {
  const choices = {
    subnetGroup: 'isolated',
    securityGroupIds: ['sg-1'],
    parameterGroup: 'p',
    instanceParameterGroup: 'q',
  };
  const [{ restored, differences }] = planned(planFacts(), planWishes({ choices })).clusters;
  expect(restored).toMatchObject({ subnetGroup: 'isolated', securityGroupIds: ['sg-1'] });
  expect(differences).toEqual(
    expect.arrayContaining([
      'subnet group isolated (the source has databases)',
      'security groups sg-1 (the source has sg-0a1b2c3d4e5f60718)',
      'parameter group p (the source has trading-cluster)',
      'parameter group of trading-2026-01-08-accounts-1 q (the source has trading-instance)',
    ]),
  );
});

describe('a plan of several clusters', () => {
  const further = [{ source: ledgerCluster({ backupRetentionDays: 1 }) }];

  test('restores each to the same instant, and expires with the first that leaves its window', () => {
    const plan = planned(planFacts({ further }), planWishes());
    expect(
      plan.clusters.map(({ source, restored, dataAt }) => [
        source.clusterIdentifier,
        restored.clusterIdentifier,
        dataAt,
      ]),
    ).toEqual([
      ['trading', 'trading-2026-01-08-accounts', '2026-01-08T10:12:13Z'],
      ['ledger', 'ledger-2026-01-08-accounts', '2026-01-08T10:12:13Z'],
    ]);
    expect(plan.expiresAt).toBe('2026-01-09T10:12:13Z');
  });

  test('gives the name that was chosen to the damaged one alone', () => {
    const plan = planned(planFacts({ further }), planWishes({ clusterIdentifier: 'mended' }));
    expect(plan.clusters.map(({ restored }) => restored.clusterIdentifier)).toEqual([
      'mended',
      'ledger-2026-01-08-accounts',
    ]);
  });

  test.each<[PlanRefusal['reason'], string, Parameters<typeof planRestore>]>([
    ['cluster-named-twice', 'trading', [planFacts({ further: [{ source: sourceCluster() }] }), planWishes()]],
    [
      'name-taken',
      'ledger-2026-01-08-accounts',
      [planFacts({ further }), planWishes({ clusterIdentifier: 'ledger-2026-01-08-accounts' })],
    ],
    [
      'restore-point-too-recent',
      'ledger',
      [
        planFacts({
          further: [{ source: ledgerCluster({ latestRestorableAt: at('2026-01-08T10:00:00Z') }) }],
        }),
        planWishes(),
      ],
    ],
  ])('refuses %s', (reason, named, args) => {
    expect(planRestore(...args)).toMatchObject({
      ok: false,
      refusal: { reason, message: expect.stringContaining(named) as string },
    });
  });
});

describe('a restore in earnest', () => {
  const source = sourceCluster({ deletionProtection: false });
  const [{ restored, differences }] = planned(planFacts({ source }), planWishes({ earnest: true })).clusters;

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
    const [{ restored: drill }] = planned(planFacts(), planWishes()).clusters;
    expect(drill.drillTags).toHaveProperty('restore-drill-expires');
    expect(drill.finalSnapshotIdentifier).toBeUndefined();
  });
});

describe('renderPlan', () => {
  test('shows what a person approves', () => {
    const wishes = planWishes({ instances: { count: 1, instanceClass: 'db.t4g.medium' } });
    expect(renderPlan(planned(planFacts(), wishes))).toMatchInlineSnapshot(`
     "Restore plan of drill 2026-01-08-accounts (account 123456789012, eu-central-1), to 2026-01-08T10:12:13Z
     Expires at 2026-01-11T10:30:00Z, 3 d after it was made.

       restore          trading  (aurora-mysql 8.0.mysql_aurora.3.08.2, stays as it is)
       as of            2026-01-08T10:12:13Z  (point-in-time: the restore point is inside the restorable window)
       loses            what others committed in the last 1.6 s before the damage, at most
       into             trading-2026-01-08-accounts  (a new cluster)
       with             trading-2026-01-08-accounts-1  db.t4g.medium  like trading-a
       window           2026-01-01T00:00:00.000000Z to 2026-01-08T10:25:00.000000Z
       endpoint now     trading.cluster-c9akciq32rgf.eu-central-1.rds.amazonaws.com:3307
       then             trading-2026-01-08-accounts.cluster-c9akciq32rgf.eu-central-1.rds.amazonaws.com
       parameter group  trading-cluster  (as the source)
       subnet group     databases  (as the source)
       security groups  sg-0a1b2c3d4e5f60718  (as the source)
       encryption key   arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab  (as the source)

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

describe('a source in another state than available', () => {
  test.each(['stopped', 'failing-over', 'upgrading'])('that is %s is restored', (status) => {
    expect(planRestore(planFacts({ source: sourceCluster({ status }) }), planWishes())).toMatchObject({
      ok: true,
    });
  });

  test.each(['deleting', 'creating', 'inaccessible-encryption-credentials'])(
    'that is %s is refused, with the way on',
    (status) => {
      const facts = planFacts({ source: sourceCluster({ status }) });
      expect(planRestore(facts, planWishes())).toMatchObject({
        refusal: {
          reason: 'source-not-restorable',
          message: `DB cluster 'trading' is ${status}: it cannot be restored in time like this`,
        },
      });
    },
  );
});

test('a source without any instance is restored with what a person chooses in their place', () => {
  const source = sourceCluster({ instances: [] });
  const wishes = planWishes({
    instances: { count: 2, instanceClass: 'db.r7g.large' },
    choices: { instanceParameterGroup: 'trading-instance' },
  });
  const [{ restored, differences }] = planned(planFacts({ source }), wishes).clusters;
  expect(restored.instances).toMatchObject([
    { instanceClass: 'db.r7g.large', parameterGroup: 'trading-instance', modelledOn: null },
    { instanceClass: 'db.r7g.large', parameterGroup: 'trading-instance', modelledOn: null },
  ]);
  expect(differences).toContain(
    'the source has no instance: those of the restored cluster are as chosen, else as RDS defaults',
  );
});
