import type { Section } from '../document';
import type { ReportModel } from '../model';
import { nextStepOf, type NextStep } from '../next-step';
import { say, strong } from '../phrase';

/** What is to be done now, by whom, and how it is typed. */
export function nextSection(model: ReportModel): Section {
  return stepSection(nextStepOf(model.drill, model));
}

export function stepSection({ what, commands, who }: NextStep): Section {
  return {
    id: 'next',
    title: 'Next step',
    blocks: [
      { kind: 'text', text: say`${strong(`${what.charAt(0).toUpperCase()}${what.slice(1)}.`)} By ${who}.` },
      { kind: 'code', language: 'sh', text: commands.join('\n') },
    ],
  };
}
