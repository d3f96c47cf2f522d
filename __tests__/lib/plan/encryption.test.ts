import type { MethodWish } from '../../../lib/plan/choose-method';
import { planRestore, type PlanWishes } from '../../../lib/plan/plan-restore';
import { backedUpCluster, planFacts, planWishes, snapshot, sourceCluster } from './facts';

const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/99999999-12ab-34cd-56ef-1234567890ab';
const bySnapshot: MethodWish = { kind: 'snapshot', snapshot: undefined };
const open = { kmsKeyId: null };
const encrypted = sourceCluster();
const unencrypted = sourceCluster(open);
const openSnapshot = snapshot({ cluster: backedUpCluster(open) });

/** Key of the restored storage, or why there is no plan. */
function outcome(
  source = unencrypted,
  wishes: Partial<PlanWishes> = {},
  from = source === encrypted ? snapshot() : openSnapshot,
): string | null {
  const facts = planFacts({ source, snapshots: [from] });
  const plan = planRestore(facts, planWishes({ acceptUnencrypted: false, ...wishes }));
  return plan.ok ? plan.value.clusters[0].restored.kmsKeyId : plan.refusal.reason;
}

test.each<[string, string | null, string | null]>([
  ['of an encrypted source has its key', outcome(encrypted), encrypted.kmsKeyId],
  ['of an encrypted source can have another key', outcome(encrypted, { choices: { kmsKeyId: KEY } }), KEY],
  ['of an unencrypted source is refused', outcome(), 'unencrypted'],
  [
    'of an unencrypted source is as a person accepts it',
    outcome(unencrypted, { acceptUnencrypted: true }),
    null,
  ],
  ['in time cannot encrypt', outcome(unencrypted, { choices: { kmsKeyId: KEY } }), 'unencrypted'],
  ['from an unencrypted snapshot is refused', outcome(unencrypted, { method: bySnapshot }), 'unencrypted'],
  [
    'from an unencrypted snapshot can encrypt',
    outcome(unencrypted, { method: bySnapshot, choices: { kmsKeyId: KEY } }),
    KEY,
  ],
  [
    "from an unencrypted snapshot of a source that is encrypted has the source's key",
    outcome(encrypted, { method: bySnapshot }, openSnapshot),
    encrypted.kmsKeyId,
  ],
  [
    "from an encrypted snapshot of a source that is not encrypted keeps the snapshot's key",
    outcome(unencrypted, { method: bySnapshot }, snapshot({ cluster: backedUpCluster({ kmsKeyId: KEY }) })),
    KEY,
  ],
])('a restore %s', (_, found, expected) => {
  expect(found).toBe(expected);
});

test('the plan says that storage is not encrypted, and who accepted it', () => {
  const plan = planRestore(planFacts({ source: unencrypted }), planWishes());
  expect(plan).toMatchObject({
    value: {
      clusters: [
        {
          differences: expect.arrayContaining([
            'storage is not encrypted, as that of the source is not: accepted with --accept-unencrypted',
          ]) as string[],
        },
      ],
    },
  });
});
