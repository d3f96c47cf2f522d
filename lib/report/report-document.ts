import type { ReportDocument, Section } from './document';
import type { ReportModel } from './model';
import { missedOf, outcomeInWords } from './outcome-words';
import { code, say } from './phrase';
import { chainSection, undoSection } from './sections/closing';
import { cutoverSection } from './sections/cutover';
import { lossSection, recoverySection } from './sections/figures';
import { glanceSection } from './sections/glance';
import { incidentSection } from './sections/incident';
import { restoreSection } from './sections/restore';
import { nextSection } from './sections/next';
import { tilesOf } from './sections/tiles';
import { trendSection } from './sections/trend';
import { trustSection } from './sections/trust';
import { instantsSection, timelineSection } from './sections/timeline';
import { notProvenSection, verificationSection } from './sections/verification';
import { describeTarget } from './targets';
import { showInstant } from './words';

/** The report in the order in which people ask: a picture of it, what happened, what now, is the restore point right, how long, how much, and the evidence. */
export function reportDocument(model: ReportModel): ReportDocument {
  const sections: readonly (Section | undefined)[] = [
    timelineSection(model),
    glanceSection(model),
    nextSection(model),
    trustSection(model),
    instantsSection(model),
    recoverySection(model),
    lossSection(model),
    trendSection(model),
    restoreSection(model),
    cutoverSection(model),
    verificationSection(model),
    notProvenSection(model),
    undoSection(model),
    incidentSection(model),
    chainSection(model),
  ];
  return {
    drill: model.drill,
    result: outcomeInWords(model.outcome.kind, model.targets),
    tone: toneOf(model),
    headline: [model.outcome.headline, ...missedOf(model.targets).map(describeTarget)].join('; '),
    tiles: tilesOf(model),
    sections: sections.filter((section) => section !== undefined),
    footer: say`Made ${showInstant(model.madeAt)} from ${code(`drills/${model.drill}`)}. All times are UTC.`,
  };
}

function toneOf({ outcome, targets }: ReportModel): ReportDocument['tone'] {
  if (outcome.kind === 'failed' || outcome.kind === 'interrupted') return outcome.kind;
  if (missedOf(targets).length > 0) return 'missed';
  return outcome.kind === 'unfinished' ? 'open' : 'good';
}
