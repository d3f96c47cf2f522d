import type { RestorePlan } from '../../artefacts/restore-plan';
import { shorten } from '../../shorten';
import type { Told } from './incident-sections';

type Plan = Omit<RestorePlan, 'schemaVersion'>;

/** How much of a list, and of a text, is shown at most. */
export interface Limit {
  readonly items: number;
  readonly characters: number;
}

/** The same plan with short lists and texts, each saying how much it lacks: what identifies something is short already. */
export function shorterPlan(plan: Plan, limit: Limit): Plan {
  const [first, ...further] = plan.clusters.map((cluster) => ({
    ...cluster,
    loses: shorten(cluster.loses, limit.characters),
    method: { ...cluster.method, reason: shorten(cluster.method.reason, limit.characters) },
    differences: fewer(cluster.differences, limit),
  }));
  return first === undefined ? plan : { ...plan, clusters: [first, ...further] };
}

export function shorterTold(told: Told, limit: Limit): Told {
  const { statement, effect, coverage, lostWrites } = told;
  return {
    statement: {
      ...statement,
      sql: shorten(statement.sql, limit.characters),
      tables: fewer(statement.tables, limit),
    },
    effect: { ...effect, basis: shorten(effect.basis, limit.characters) },
    coverage: { ...coverage, warnings: fewer(coverage.warnings, limit) },
    lostWrites,
  };
}

function fewer(texts: readonly string[], { items, characters }: Limit): string[] {
  const shown = texts.slice(0, items).map((text) => shorten(text, characters));
  return texts.length <= items ? shown : [...shown, `… and ${texts.length - items} more, left out here`];
}
