import type { PlannedCluster, RestorePlan } from '../../artefacts/restore-plan';
import { codeSpan, escapeMarkdown, fenced } from '../../escape-markdown';
import { instanceCost, totalUnits } from '../instance-cost';
import { originOfSetting } from '../setting-origin';
import { list, table } from './blocks';

type Plan = Omit<RestorePlan, 'schemaVersion'>;

export function created({ clusters }: Plan): string[] {
  const instances = clusters.flatMap(({ restored }) => restored.instances);
  const units = totalUnits(instances.map(({ instanceClass }) => instanceClass));
  return [
    table(
      ['instance', 'class', 'cost class', 'like'],
      instances.map((instance) => {
        const cost = instanceCost(instance.instanceClass);
        return [
          codeSpan(instance.identifier),
          codeSpan(instance.instanceClass),
          `${cost.kind}${cost.units === null ? '' : `, ${cost.units} units`}`,
          instance.modelledOn === null ? 'as chosen' : codeSpan(instance.modelledOn),
        ];
      }),
    ),
    `It costs what such instances cost for as long as it exists${units === null ? '' : ` (together ${units} normalized units; an instance of size large has 4)`}, and its storage.`,
  ];
}

/** What comes out otherwise than on the source, and what every setting is. */
export function settings(cluster: PlannedCluster): string[] {
  const { source, restored, differences } = cluster;
  const all: [string, string][] = [
    ['parameter group', restored.parameterGroup],
    ['subnet group', restored.subnetGroup],
    ['security groups', restored.securityGroupIds.join(', ')],
    ['encryption key', restored.kmsKeyId ?? 'none: not encrypted'],
    ['port', String(restored.port)],
    ['IAM authentication', restored.iamAuthentication ? 'on' : 'off'],
    ['log exports', restored.logExports.join(', ') || 'none'],
    ['roles', restored.roles.map(({ arn }) => arn).join(', ') || 'none'],
    ['storage', restored.storageType ?? 'standard'],
    ['backtrack', restored.backtrackWindowSeconds === 0 ? 'off' : `${restored.backtrackWindowSeconds} s`],
    [
      'serverless v2',
      restored.serverlessV2 === null
        ? 'none'
        : `${restored.serverlessV2.minCapacity} to ${restored.serverlessV2.maxCapacity} capacity units`,
    ],
    ['tags', Object.keys(restored.tags).join(', ') || 'none'],
  ];
  const untold = source.deleted
    ? ''
    : ' This plan did not ask EC2 whether one of the security groups is the default one of its VPC: look there.';
  return [
    `Different from ${codeSpan(source.clusterIdentifier)} on purpose:`,
    list(differences.map(escapeMarkdown)),
    `${codeSpan(restored.clusterIdentifier)} gets:`,
    table(
      ['setting', 'value', ''],
      all.map(([name, value]) => [name, codeSpan(value), originOfSetting(cluster, name)]),
    ),
    `No instance is reachable from the internet.${untold}`,
    [
      `<details><summary>Every further setting of ${codeSpan(restored.clusterIdentifier)} and its instances</summary>`,
      table(['', 'setting', 'value'], furtherSettings(cluster)),
      '</details>',
    ].join('\n\n'),
  ];
}

/** What is in no other table, for whoever wants to see all of it. */
function furtherSettings({ restored }: PlannedCluster): string[][] {
  const onOff = (on: boolean): string => (on ? 'on' : 'off');
  const { serverlessV2 } = restored;
  const ofCluster: [string, string][] = [
    ['network type', restored.networkType ?? "RDS's default"],
    ['backup retention', `${restored.backupRetentionDays} d`],
    ['backup window (UTC)', restored.backupWindow ?? "of RDS's choosing"],
    ['maintenance window (UTC)', restored.maintenanceWindow ?? "of RDS's choosing"],
    ['tags copied to snapshots', onOff(restored.copyTagsToSnapshot)],
    ['deletion protection', onOff(restored.deletionProtection)],
    ['final snapshot', restored.finalSnapshotIdentifier ?? 'none'],
    ...(serverlessV2 === null
      ? []
      : ([
          [
            'pauses after',
            serverlessV2.secondsUntilAutoPause === null
              ? "RDS's default"
              : `${serverlessV2.secondsUntilAutoPause} s`,
          ],
        ] satisfies [string, string][])),
    ...restored.roles.map(({ arn, feature }): [string, string] => [
      'role',
      `${arn} ${feature === null ? 'for every feature' : `for ${feature}`}`,
    ]),
    ...tagRows(restored.tags),
    ...tagRows(restored.drillTags),
  ];
  return [
    ...ofCluster.map(([name, value]) => [codeSpan(restored.clusterIdentifier), name, codeSpan(value)]),
    ...restored.instances.flatMap((instance) => {
      const { monitoring, performanceInsights: insights } = instance;
      const rows: [string, string][] = [
        ['parameter group', instance.parameterGroup],
        ['promotion tier', String(instance.promotionTier)],
        ['certificate authority', instance.caCertificate ?? "RDS's default"],
        ['minor version upgrades', onOff(instance.autoMinorVersionUpgrade)],
        ['tags copied to snapshots', onOff(instance.copyTagsToSnapshot)],
        ['reachable from the internet', instance.publiclyAccessible ? 'yes' : 'no'],
        [
          'Enhanced Monitoring',
          monitoring === null ? 'off' : `every ${monitoring.intervalSeconds} s, by ${monitoring.roleArn}`,
        ],
        [
          'Performance Insights',
          insights === null
            ? 'off'
            : `${insights.retentionDays} d, ${insights.kmsKeyId ?? "encrypted with RDS's key"}`,
        ],
        ['maintenance window (UTC)', instance.maintenanceWindow ?? "of RDS's choosing"],
        ...tagRows(instance.tags),
      ];
      return rows.map(([name, value]) => [codeSpan(instance.identifier), name, codeSpan(value)]);
    }),
  ];
}

function tagRows(tags: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(tags).map(([key, value]) => ['tag', `${key}=${value}`]);
}

/** Other ways than this plan, which only a person takes. */
export function alternatives({ clusters }: Plan): string[] {
  return clusters.flatMap(({ source, backtrack }) =>
    backtrack === null
      ? []
      : [
          `**Backtrack** is on for ${codeSpan(source.clusterIdentifier)} and reaches back to ${backtrack.earliestAt}: the cluster itself could be rewound to ${backtrack.to} in place, within minutes. That takes back what everyone has committed since, closes every connection, and leaves nothing to compare with; no step of this plan does it. By hand:`,
          fenced('sh', backtrack.command),
        ],
  );
}

export function undo({ drill, clusters }: Plan): string[] {
  const [{ restored: first }] = clusters;
  return [
    fenced(
      'sh',
      [
        `npm run guard -- --drill ${drill} --stack restore --check-window   # refuses anything but this plan`,
        `npm run apply -- --drill ${drill} --stack restore                  # applies what the guard let pass`,
        `npm run verify -- --drill ${drill}`,
        '',
        `# the way back: nothing uses ${clusters.length === 1 ? 'the restored cluster' : 'the restored clusters'} before a repoint that has a review of its own`,
        ...(first.finalSnapshotIdentifier === undefined
          ? []
          : [
              '# protected on purpose: whoever removes it lifts that by hand',
              ...clusters.map(
                ({ restored }) =>
                  `aws rds modify-db-cluster --db-cluster-identifier ${restored.clusterIdentifier} --no-deletion-protection`,
              ),
            ]),
        `npm run guard -- --drill ${drill} --stack restore --destroy`,
        `npm run apply -- --drill ${drill} --stack restore --destroy`,
      ].join('\n'),
    ),
  ];
}
