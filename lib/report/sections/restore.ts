import type { RepointPlan } from '../../artefacts/repoint-plan';
import type { PlannedCluster, RestorePlan } from '../../artefacts/restore-plan';
import type { VerifiedCluster } from '../../artefacts/verification';
import { columns, type Block, type Fact, type Section } from '../document';
import type { ReportModel } from '../model';
import { code, lines, say, strong, type Phrase } from '../phrase';
import { restoredDataOf, type RestoredData } from '../restored-data';
import { showInstant } from '../words';

/** What was made, and how it differs from the source. */
export function restoreSection(model: ReportModel): Section | undefined {
  const { restorePlan, verification, repointPlan, swap } = model;
  if (restorePlan === null) return undefined;
  const [first, ...further] = restorePlan.clusters.map((cluster) => ({
    cluster,
    made: verification?.clusters.find(({ source }) => source === cluster.source.clusterIdentifier)?.restored,
  }));
  const data = restoredDataOf(model);
  const oldAndNew = ({ cluster, made }: Restored): Block => clusterTable(cluster, made, data);
  return {
    id: 'restore',
    title: 'Old and new',
    blocks: [
      ...((swap?.startedAt ?? null) === null
        ? []
        : [{ kind: 'text', text: say`By the names from before their exchange:` } as const]),
      ...(first === undefined ? [] : [oldAndNew(first)]),
      ...further.map(oldAndNew),
      ...(repointPlan === null ? [] : [targetTable(repointPlan)]),
      ...restorePlan.clusters.flatMap((cluster) => differencesOf(cluster, further.length === 0)),
      ...restorePlan.clusters.map((cluster): Block => ({
        kind: 'more',
        summary:
          further.length === 0
            ? 'Method and settings'
            : `Method and settings of ${cluster.restored.clusterIdentifier}`,
        blocks: [{ kind: 'facts', rows: factsOf(restorePlan, cluster) }],
      })),
    ],
  };
}

interface Restored {
  readonly cluster: PlannedCluster;
  readonly made: VerifiedCluster['restored'] | undefined;
}

function clusterTable(
  { source, restored, dataAt }: PlannedCluster,
  made: Restored['made'],
  { agreement }: RestoredData,
): Block {
  const unknown = say`known once it is restored`;
  const endpoint = (value: string | null): Phrase => (value === null ? ['none'] : [code(value)]);
  return {
    kind: 'table',
    caption: `Cluster ${source.clusterIdentifier}, old and new`,
    columns: columns('', 'Old', 'New'),
    rows: [
      [['Cluster'], [code(source.clusterIdentifier)], [code(restored.clusterIdentifier)]],
      [['Endpoint'], endpoint(source.endpoint), made === undefined ? unknown : [code(made.endpoint)]],
      [
        ['Reader endpoint'],
        endpoint(source.readerEndpoint),
        made === undefined ? unknown : endpoint(made.readerEndpoint),
      ],
      [['Port'], [String(source.port)], [String(made?.port ?? restored.port)]],
      [
        ['Data as of'],
        source.deleted ? ['deleted'] : ['now, with the damage'],
        say`${strong(showInstant(dataAt))}${agreement === 'disagrees' ? ' by the plan; the restored data disagrees' : ''}`,
      ],
    ],
  };
}

function targetTable({ direction, targets }: RepointPlan): Block {
  return {
    kind: 'table',
    caption:
      direction === 'forward'
        ? 'What brings the application over'
        : 'What takes the application back: the latest repoint plan is the way back',
    columns: columns('Target', 'Before', 'After'),
    rows: targets.map(({ kind, name, oldValue, newValue }) => {
      const [before, after] = direction === 'forward' ? [oldValue, newValue] : [newValue, oldValue];
      return [say`${TARGETS[kind]} ${code(name)}`, [code(before)], [code(after)]];
    }),
  };
}

function differencesOf({ restored, differences }: PlannedCluster, alone: boolean): Block[] {
  const between = alone
    ? ' between the old and the new cluster:'
    : say` between ${code(restored.clusterIdentifier)} and its source:`;
  return [
    {
      kind: 'table',
      caption: alone ? 'Instances of the new cluster' : `Instances of ${restored.clusterIdentifier}`,
      columns: columns('Instance', 'Class', 'Promotion tier', 'Modelled on'),
      rows: restored.instances.map(({ identifier, instanceClass, promotionTier, modelledOn }) => [
        [code(identifier)],
        [code(instanceClass)],
        [String(promotionTier)],
        modelledOn === null ? ['none: chosen'] : [code(modelledOn)],
      ]),
    },
    {
      kind: 'text',
      text: say`${strong('Deliberate differences')}${between}${differences.length === 0 ? ' none.' : ''}`,
    },
    ...(differences.length === 0
      ? []
      : [{ kind: 'list', items: differences.map((difference) => [difference]) } as const]),
  ];
}

function factsOf(plan: RestorePlan, { method, loses, window, source, restored }: PlannedCluster): Fact[] {
  return [
    { label: 'Method', value: say`${method.kind.replaceAll('-', ' ')}: ${method.reason}` },
    { label: 'Loses', value: [loses] },
    {
      label: 'Restorable window',
      value:
        window === null
          ? ['none']
          : say`${showInstant(window.earliestAt)} to ${showInstant(window.latestAt)}, checked ${showInstant(window.checkedAt)}`,
    },
    { label: 'Account and region', value: say`${code(plan.account)}, ${code(plan.region)}` },
    { label: 'Engine', value: say`${source.engine} ${source.engineVersion}` },
    { label: 'Source', value: say`${code(source.arn)}, resource ${code(source.resourceId)}` },
    {
      label: 'Plan made',
      value: say`${showInstant(plan.madeAt)}, expires ${showInstant(plan.expiresAt)}`,
    },
    ...settingsOf(restored),
  ];
}

const TARGETS: Readonly<Record<RepointPlan['targets'][number]['kind'], string>> = {
  'ssm-parameter': 'SSM parameter',
  'ssm-parameter-text': 'SSM parameter',
  'dns-record': 'DNS record',
  secret: 'secret',
  appconfig: 'AppConfig',
};

/** Every setting of the plan by its own name, so that one that is added to plans is in the report too. */
function settingsOf(restored: PlannedCluster['restored']): readonly Fact[] {
  return Object.entries(restored)
    .filter(([key]) => key !== 'instances' && key !== 'clusterIdentifier')
    .map(([key, value]) => ({ label: inWords(key), value: settingValue(value) }));
}

function settingValue(value: unknown): Phrase {
  if (value === null) return ['not set'];
  if (value === false) return ['no'];
  if (value === true) return ['yes'];
  if (typeof value === 'string' || typeof value === 'number') return [code(String(value))];
  if (Array.isArray(value)) {
    return value.length === 0 ? ['none'] : lines(value.map((item: unknown) => settingValue(item)));
  }
  const entries = Object.entries(value as object);
  if (entries.length === 0) return ['none'];
  return lines(entries.map(([key, item]) => say`${code(key)}: ${settingValue(item)}`));
}

/** `iamAuthentication` as `Iam authentication`. */
function inWords(key: string): string {
  const words = key
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .replace('iam ', 'IAM ')
    .replace('kms ', 'KMS ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
