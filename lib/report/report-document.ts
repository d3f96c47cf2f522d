import type { ReportDocument, Section } from './document';
import type { ReportModel } from './model';
import { code, say } from './phrase';
import { chainSection, undoSection } from './sections/closing';
import { lossSection, recoverySection } from './sections/figures';
import { glanceSection } from './sections/glance';
import { incidentSection } from './sections/incident';
import { restoreSection } from './sections/restore';
import { tilesOf } from './sections/tiles';
import { timelineSection } from './sections/timeline';
import { notProvenSection, verificationSection } from './sections/verification';
import { showInstant } from './words';

/** The report in the order in which people ask: what happened, how long, how much, what now, and is it true. */
export function reportDocument(model: ReportModel): ReportDocument {
  const sections: readonly (Section | undefined)[] = [
    glanceSection(model),
    timelineSection(model),
    recoverySection(model),
    lossSection(model),
    restoreSection(model),
    verificationSection(model),
    notProvenSection(model),
    undoSection(model),
    incidentSection(model),
    chainSection(model),
  ];
  return {
    drill: model.drill,
    outcome: model.outcome,
    tiles: tilesOf(model),
    sections: sections.filter((section) => section !== undefined),
    footer: say`Made ${showInstant(model.madeAt)} from ${code(`drills/${model.drill}`)}. All times are UTC.`,
  };
}
