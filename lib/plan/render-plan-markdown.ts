import type { PlannedCluster, RestorePlan } from '../artefacts/restore-plan';
import { codeSpan, escapeMarkdown } from '../escape-markdown';
import { section, table } from './markdown/blocks';
import { lost, when, why, type Told } from './markdown/incident-sections';
import { alternatives, created, settings, undo } from './markdown/restore-sections';
import { shorterPlan, shorterTold, type Limit } from './markdown/shorter';
import { expectedEndpoint } from './render-plan';

type Plan = Omit<RestorePlan, 'schemaVersion'>;

/** GitHub refuses the body of a pull request above 65,536 characters; who opens one may add words of their own. */
const MOST_CHARACTERS = 60_000;

const LIMITS: readonly Limit[] = [
  { items: 100, characters: 4000 },
  { items: 20, characters: 1000 },
  { items: 5, characters: 200 },
];

/**
 * The plan for a pull request, as GitHub-flavoured Markdown: what a reviewer has to agree to, and how
 * to undo it. What is too long for a pull request is cut, and a line says so.
 */
export function renderPlanMarkdown(plan: Plan, incident: Told): string {
  const whole = sectionsOf(plan, incident).join('\n\n');
  if (whole.length <= MOST_CHARACTERS) return whole;
  const cut = `> **Cut, since it is too long for a pull request.** ${codeSpan('restore-plan.json')} and ${codeSpan('incident.json')} in ${codeSpan(`drills/${plan.drill}`)} hold the whole; ${codeSpan(`npm run plan -- --drill ${plan.drill} --show`)} prints it.`;
  let shortest = cut;
  for (const limit of LIMITS) {
    const [title = '', ...rest] = sectionsOf(shorterPlan(plan, limit), shorterTold(incident, limit));
    shortest = [title, cut, ...rest].join('\n\n');
    if (shortest.length <= MOST_CHARACTERS) return shortest;
  }
  return upTo(MOST_CHARACTERS, shortest.split('\n\n'));
}

/** The first blocks of them, which together fit. */
function upTo(most: number, blocks: readonly string[]): string {
  let text = '';
  for (const block of blocks) {
    if (text.length + block.length + 2 > most) return text;
    text = text === '' ? block : `${text}\n\n${block}`;
  }
  return text;
}

function sectionsOf(plan: Plan, incident: Told): readonly string[] {
  const { drill, clusters } = plan;
  const [first, ...further] = clusters;
  const earnest = first.restored.finalSnapshotIdentifier !== undefined;
  const others = alternatives(plan);
  return [
    `# Restore plan of drill ${codeSpan(drill)}${earnest ? ', in earnest' : ''}`,
    `${further.length === 0 ? `Restores ${codeSpan(first.source.clusterIdentifier)} into a new cluster beside it` : `Restores ${clusters.length} clusters together, each into a new one beside it`}, to **${plan.restoreTo}**, right before the damage; what there is now stays as it is. Valid until **${plan.expiresAt}**, for account ${plan.account} in ${escapeMarkdown(plan.region)}; Terraform may change no other account.`,
    ...clusters.flatMap(atAGlance),
    ...section('Why', why(incident)),
    ...section('From when to when', when(plan, incident)),
    ...section('What is lost', lost(plan, incident)),
    ...section('What is created', created(plan)),
    ...section('What changes, and what does not', clusters.flatMap(settings)),
    ...(others.length === 0 ? [] : section('What could be done instead', others)),
    ...section('How it is applied, and undone', undo(plan)),
  ];
}

function atAGlance(cluster: PlannedCluster): string[] {
  const { source, restored, dataAt, loses, method } = cluster;
  return [
    table(
      ['', 'now', 'restored'],
      [
        ['cluster', codeSpan(source.clusterIdentifier), codeSpan(restored.clusterIdentifier)],
        [
          'endpoint',
          source.endpoint === null ? 'none' : codeSpan(`${source.endpoint}:${source.port}`),
          newEndpoint(cluster),
        ],
        ['data', source.deleted ? 'deleted' : 'as it is', `as of **${dataAt}**`],
        ['engine', escapeMarkdown(`${source.engine} ${source.engineVersion}`), engineOf(cluster)],
      ],
    ),
    ...(method.kind === 'snapshot'
      ? [`> **Out of a snapshot.** This gives up ${escapeMarkdown(loses)}.`]
      : []),
  ];
}

function engineOf({ method, source }: PlannedCluster): string {
  if (method.kind === 'point-in-time') return 'the same, as a restore gives it';
  const { engineVersion } = method.snapshot;
  return engineVersion === source.engineVersion
    ? 'the same'
    : escapeMarkdown(`${engineVersion}, as the snapshot`);
}

function newEndpoint(cluster: PlannedCluster): string {
  const endpoint = expectedEndpoint(cluster);
  return endpoint === null
    ? 'given by AWS once it is created'
    : codeSpan(`${endpoint}:${cluster.restored.port}`);
}
