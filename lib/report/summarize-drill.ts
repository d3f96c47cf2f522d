import type { DrillSummary } from './drill-summary';
import type { ReportModel } from './model';

export function summarizeDrill(model: ReportModel): DrillSummary {
  const { incident, recoveryTime, dataLoss, outcome, files } = model;
  return {
    drill: model.drill,
    cluster: incident?.cluster ?? null,
    at: incident?.effect.latestAt ?? files[0]?.madeAt ?? model.madeAt,
    outcome: outcome.kind,
    headline: outcome.headline,
    rtoMs: recoveryTime?.complete === true ? recoveryTime.tookMs : null,
    rpoMs: dataLoss?.beforeEffectMs ?? null,
    lostStatements: dataLoss?.statements ?? null,
    targets: model.targets,
  };
}
