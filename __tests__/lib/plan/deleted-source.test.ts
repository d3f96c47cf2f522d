import { restorePlanSchema } from '../../../lib/artefacts/restore-plan';
import { chooseBackup, deletedSource } from '../../../lib/plan/deleted-source';
import { backedUpCluster, CHOICES, deletedPlan, retainedBackup } from './facts';

test('a deleted cluster is restored by its resource id, with what its backups tell and what was chosen', () => {
  const plan = restorePlanSchema.parse(deletedPlan());
  const [{ source, restored, differences, method, backtrack }] = plan.clusters;
  expect(method.kind).toBe('point-in-time');
  expect(source).toMatchObject({
    deleted: true,
    endpoint: null,
    resourceId: 'cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  });
  expect(restored).toMatchObject({
    subnetGroup: 'databases',
    securityGroupIds: ['sg-0a1b2c3d4e5f60718'],
    parameterGroup: 'trading-cluster',
    iamAuthentication: true,
    port: 3307,
    instances: [{ instanceClass: 'db.r7g.large', parameterGroup: 'trading-instance', modelledOn: null }],
  });
  expect(backtrack).toBeNull();
  expect(differences).toContain("not told by the deleted source's backups: log exports, so none");
});

test('what no backup tells has to be chosen, and is never defaulted', () => {
  expect(deletedSource(backedUpCluster(), retainedBackup(), {}, undefined)).toMatchObject({
    refusal: {
      reason: 'choices-missing',
      message:
        "DB cluster 'trading' is deleted, and its backups do not tell --subnet-group, --security-group, --parameter-group, --instance-parameter-group, --instance-class",
    },
  });
  const { subnetGroup: _, ...others } = CHOICES;
  expect(deletedSource(backedUpCluster(), retainedBackup(), others, 'db.r7g.large')).toMatchObject({
    refusal: { message: expect.stringMatching(/do not tell --subnet-group$/) as string },
  });
});

test('of several deleted clusters of one name a person says which', () => {
  const other = retainedBackup({ cluster: backedUpCluster({ resourceId: 'cluster-OLDER' }) });
  expect(chooseBackup('trading', [retainedBackup(), other])).toMatchObject({
    refusal: {
      reason: 'several-backups',
      message: "2 deleted clusters were named 'trading': cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ, cluster-OLDER",
    },
  });
  const living = retainedBackup({ status: 'active' });
  expect(chooseBackup('trading', [living, other])).toEqual({ ok: true, value: other });
  expect(chooseBackup('trading', [living])).toEqual({ ok: true, value: undefined });
});
