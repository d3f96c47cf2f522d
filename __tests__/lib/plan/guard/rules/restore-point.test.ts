import { change, CLUSTER, forget, set } from '../edits';
import { byName, expectRefused, type Refused } from '../judging';
import { approvedPlan } from '../shapes';

const bySnapshot = { kind: 'restore', restore: approvedPlan('snapshot') } as const;

const refused: readonly Refused[] = [
  {
    when: 'the time is a second later than approved',
    edit: set(CLUSTER, {
      restore_to_point_in_time: [
        { source_cluster_identifier: 'trading', restore_to_time: '2026-01-08T10:12:14Z' },
      ],
    }),
    finds: [
      `${CLUSTER}: restore_to_point_in_time is [{"source_cluster_identifier":"trading","restore_to_time":"2026-01-08T10:12:14Z"}], expected [{"source_cluster_identifier":"trading","restore_to_time":"2026-01-08T10:12:13Z"}]`,
    ],
  },
  {
    when: 'it is a new, empty cluster',
    edit: set(CLUSTER, { restore_to_point_in_time: [] }),
    finds: [
      `${CLUSTER}: restore_to_point_in_time is [], expected [{"source_cluster_identifier":"trading","restore_to_time":"2026-01-08T10:12:13Z"}]`,
    ],
  },
  {
    when: 'it comes out of a snapshot',
    edit: set(CLUSTER, { snapshot_identifier: 'nightly' }),
    finds: [`${CLUSTER}: snapshot_identifier is "nightly", expected nothing`],
  },
  {
    when: 'it comes out of another snapshot than approved',
    plan: 'restore-snapshot',
    approved: bySnapshot,
    edit: set(CLUSTER, {
      snapshot_identifier: 'arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:other',
    }),
    finds: [
      `${CLUSTER}: snapshot_identifier is "arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:other", expected "arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:nightly"`,
    ],
  },
  {
    when: 'it is restored in time where a snapshot was approved',
    plan: 'restore-snapshot',
    approved: bySnapshot,
    edit: set(CLUSTER, { restore_to_point_in_time: [{ source_cluster_identifier: 'trading' }] }),
    finds: [
      `${CLUSTER}: restore_to_point_in_time is [{"source_cluster_identifier":"trading"}], expected nothing`,
    ],
  },
  {
    when: 'it comes out of the backups of another deleted cluster',
    plan: 'restore-deleted',
    approved: { kind: 'restore', restore: approvedPlan('deleted') },
    edit: set(CLUSTER, {
      restore_to_point_in_time: [
        { source_cluster_resource_id: 'cluster-OTHER', restore_to_time: '2026-01-08T10:12:13Z' },
      ],
    }),
    finds: [
      `${CLUSTER}: restore_to_point_in_time is [{"source_cluster_resource_id":"cluster-OTHER","restore_to_time":"2026-01-08T10:12:13Z"}], expected [{"source_cluster_resource_id":"cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ","restore_to_time":"2026-01-08T10:12:13Z"}]`,
    ],
  },
  ...['snapshot_identifier', 'replication_source_identifier', 's3_import', 'source_region'].map(
    (attribute): Refused => ({
      when: `the apply alone tells its ${attribute}`,
      edit: forget(CLUSTER, attribute),
      finds: [`${CLUSTER}: ${attribute} is known after the apply only, expected nothing`],
    }),
  ),
  {
    when: 'the apply alone tells how it is restored',
    edit: (plan) => {
      change(plan, CLUSTER).after_unknown = { restore_to_point_in_time: [{ restore_type: true }] };
    },
    finds: [
      `${CLUSTER}: restore_to_point_in_time is known after the apply only, expected [{"source_cluster_identifier":"trading","restore_to_time":"2026-01-08T10:12:13Z"}]`,
    ],
  },
  {
    when: 'a function computes a snapshot beside the restore in time',
    plan: 'computed-snapshot',
    finds: [`${CLUSTER}: snapshot_identifier is known after the apply only, expected nothing`],
    also: ['known-values'],
  },
];

test.each(byName(refused))('restore-point refuses when %s', (_, one) => {
  expectRefused('restore-point', one);
});
