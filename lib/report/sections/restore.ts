import type { RepointPlan, RestorePlan } from '../../artefacts';
import { columns, type Fact, type Section } from '../document';
import type { ReportModel } from '../model';
import { code, lines, say, strong, type Phrase } from '../phrase';
import { showInstant } from '../words';

/** What was made, and how it differs from the source. */
export function restoreSection({ restorePlan, verification, repointPlan }: ReportModel): Section | undefined {
  if (restorePlan === null) return undefined;
  const { source, restored, differences, window, method } = restorePlan;
  const made = verification?.restored;
  const unknown = say`known once it is restored`;
  return {
    id: 'restore',
    title: 'Old and new',
    blocks: [
      {
        kind: 'table',
        caption: 'Clusters',
        columns: columns('', 'Old', 'New'),
        rows: [
          [['Cluster'], [code(source.clusterIdentifier)], [code(restored.clusterIdentifier)]],
          [['Endpoint'], [code(source.endpoint)], made === undefined ? unknown : [code(made.endpoint)]],
          [
            ['Reader endpoint'],
            source.readerEndpoint === null ? ['none'] : [code(source.readerEndpoint)],
            made === undefined
              ? unknown
              : made.readerEndpoint === null
                ? ['none']
                : [code(made.readerEndpoint)],
          ],
          [['Port'], [String(source.port)], [String(made?.port ?? restored.port)]],
          [['Data as of'], ['now, with the damage'], [strong(showInstant(restorePlan.restoreTo))]],
        ],
      },
      ...(repointPlan === null
        ? []
        : [
            {
              kind: 'table',
              caption:
                repointPlan.direction === 'forward'
                  ? 'What brings the application over'
                  : 'What takes the application back: the latest repoint plan is the way back',
              columns: columns('Target', 'Before', 'After'),
              rows: repointPlan.targets.map(({ kind, name, oldValue, newValue }) => {
                const [before, after] =
                  repointPlan.direction === 'forward' ? [oldValue, newValue] : [newValue, oldValue];
                return [say`${TARGETS[kind]} ${code(name)}`, [code(before)], [code(after)]];
              }),
            } as const,
          ]),
      {
        kind: 'table',
        caption: 'Instances of the new cluster',
        columns: columns('Instance', 'Class', 'Promotion tier', 'Modelled on'),
        rows: restored.instances.map(({ identifier, instanceClass, promotionTier, modelledOn }) => [
          [code(identifier)],
          [code(instanceClass)],
          [String(promotionTier)],
          [code(modelledOn)],
        ]),
      },
      { kind: 'text', text: say`${strong('Deliberate differences')} between the old and the new cluster:` },
      differences.length === 0
        ? { kind: 'text', text: say`none.` }
        : { kind: 'list', items: differences.map((difference) => [difference]) },
      {
        kind: 'more',
        summary: 'Method and settings',
        blocks: [
          {
            kind: 'facts',
            rows: [
              { label: 'Method', value: say`${method.kind.replaceAll('-', ' ')}: ${method.reason}` },
              {
                label: 'Restorable window',
                value: say`${showInstant(window.earliestAt)} to ${showInstant(window.latestAt)}, checked ${showInstant(window.checkedAt)}`,
              },
              {
                label: 'Account and region',
                value: say`${code(restorePlan.account)}, ${code(restorePlan.region)}`,
              },
              { label: 'Engine', value: say`${source.engine} ${source.engineVersion}` },
              { label: 'Source', value: say`${code(source.arn)}, resource ${code(source.resourceId)}` },
              {
                label: 'Plan made',
                value: say`${showInstant(restorePlan.madeAt)}, expires ${showInstant(restorePlan.expiresAt)}`,
              },
              ...settingsOf(restored),
            ],
          },
        ],
      },
    ],
  };
}

const TARGETS: Readonly<Record<RepointPlan['targets'][number]['kind'], string>> = {
  'ssm-parameter': 'SSM parameter',
};

/** Every setting of the plan by its own name, so that one that is added to plans is in the report too. */
function settingsOf(restored: RestorePlan['restored']): readonly Fact[] {
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
