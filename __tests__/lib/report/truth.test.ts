import { renderComment } from '../../../lib/report/comment';
import { renderHtml } from '../../../lib/report/html';
import { renderMarkdown } from '../../../lib/report/markdown';
import type { ReportModel } from '../../../lib/report/model';
import { modelOf } from './fixtures';
import { ALL_DRILLS } from './more-drills';

const REPORTS = Object.entries(ALL_DRILLS).map(([name, drill]) => {
  const model = modelOf(drill);
  return { name, model, said: [renderMarkdown(model), renderComment(model, []), wordsOf(renderHtml(model))] };
});

const swapped = ({ swap }: ReportModel): boolean => swap !== null && swap.startedAt !== null;
const fenced = ({ fence }: ReportModel): boolean => fence !== null && fence.state !== 'lifted';
const verdictOf = ({ verification }: ReportModel, name: string): string | undefined =>
  verification?.clusters.flatMap(({ checks }) => checks).find((check) => check.name === name)?.verdict;
const dataAgrees = (model: ReportModel): boolean =>
  verdictOf(model, 'damage-absent') === 'pass' && verdictOf(model, 'restore-point') !== 'fail';
const deleted = ({ restorePlan }: ReportModel): boolean => restorePlan?.clusters[0].source.deleted === true;
const countOf = ({ verification }: ReportModel, ...verdicts: readonly string[]): number =>
  (verification?.clusters ?? [])
    .flatMap(({ checks }) => checks)
    .filter(({ verdict }) => verdicts.includes(verdict)).length;

/** What a report may say only where its artefacts bear it out. */
const CLAIMS: readonly (readonly [
  claim: RegExp,
  holds: (model: ReportModel, found: RegExpMatchArray) => boolean,
])[] = [
  [
    /old (?:cluster|one)[^.]{0,60} was not changed/gi,
    (model) => !swapped(model) && model.fence === null && !deleted(model),
  ],
  [/was changed by [^.]*an exchange of names/g, swapped],
  [/was changed by [^.]*a fence/g, ({ fence }) => fence !== null],
  [/which the way back undoes/g, (model) => swapped(model) || fenced(model)],
  [/which was undone since/g, ({ swap, fence }) => swap?.direction === 'back' || fence?.state === 'lifted'],
  [/still holds the damage, and every write since/g, (model) => !deleted(model)],
  [
    /The application was not touched/g,
    ({ repointPlan, swap, fence }) => repointPlan === null && swap === null && fence === null,
  ],
  [/A fence keeps the application off the old one/g, ({ fence }) => fence?.state === 'set'],
  [/It then got the old one's name/g, ({ swap }) => swap?.direction === 'forward' && swap.endedAt !== null],
  [/the names were taken back/gi, ({ swap }) => swap?.direction === 'back'],
  [/It was restored as the new cluster/g, ({ verification }) => verification !== null],
  [/restored as the new cluster \S+ beside the old one/g, (model) => !deleted(model)],
  [/\bkept by the restore/g, (model) => dataAgrees(model) && model.snapshotAt === null],
  [/what was committed until then is kept/gi, dataAgrees],
  [
    /[Ss]napshot [^.|]{0,40}was restored/g,
    ({ snapshotAt, verification }) => snapshotAt !== null && verification !== null,
  ],
  [/[Tt]he restored data disagrees/g, ({ verification }) => verification?.verdict === 'fail'],
  [/Restored data as of/g, ({ verification }) => verification !== null],
  [/Every check that applies passed/g, ({ verification }) => verification?.verdict === 'pass'],
  [
    /(\d+) of (\d+) checks? failed/g,
    (model, [, failed, all]) =>
      Number(failed) === countOf(model, 'fail') && Number(all) === countOf(model, 'fail', 'pass'),
  ],
  [
    /(?:\*\*)?(\d+) of (\d+)(?:\*\*)?\s*(?:<br>)?passed/g,
    (model, [, passed, all]) =>
      Number(passed) === countOf(model, 'pass') && Number(all) === countOf(model, 'fail', 'pass'),
  ],
  [/[Tt]he application runs on the restored cluster/g, ({ outcome }) => outcome.kind === 'passed'],
  [
    /The application was then pointed at it/g,
    ({ outcome, repointPlan }) => outcome.kind === 'passed' && repointPlan?.direction === 'forward',
  ],
  [
    /do not bring the application over/gi,
    ({ arrival, verification }) => arrival === null && verification?.verdict === 'fail',
  ],
  [
    /was brought over without a passed verification/g,
    ({ arrival, verification }) => arrival !== null && verification?.verdict === 'fail',
  ],
];

describe('what the reports of all kinds of drills say', () => {
  test.each(CLAIMS.map(([claim, holds]) => ({ claim, holds })))('is true: $claim', ({ claim, holds }) => {
    const untrue = REPORTS.flatMap(({ name, model, said }) =>
      said.flatMap((text) =>
        [...text.matchAll(claim)]
          .filter((found) => !holds(model, found))
          .map((found) => `${name}: ${found[0]}`),
      ),
    );
    expect([...new Set(untrue)]).toEqual([]);
  });

  test('holds each of these sentences once at least, so that none is checked in vain', () => {
    const all = REPORTS.flatMap(({ said }) => said).join('\n');
    const unsaid = CLAIMS.map(([claim]) => claim.source).filter((source) => !new RegExp(source).test(all));
    expect(unsaid).toEqual([]);
  });

  test('promises nothing that only the checks of the restored data can tell', () => {
    for (const { said } of REPORTS)
      expect(said.join('')).not.toMatch(/gives the state|is in the restored cluster|left as it is/);
  });

  test('never calls the same thing by two verdicts', () => {
    const failed = REPORTS.filter(({ model }) => model.verification?.verdict === 'fail');
    expect(failed.length).toBeGreaterThan(3);
    for (const { said } of failed) expect(said.join('')).not.toMatch(/[*]{2}Yes,[*]{2}|Yes, by everything/);
  });
});

/** The words of a page, those of its pictures too. */
function wordsOf(html: string): string {
  return html
    .replace(/<style>[^]*?<\/style>/g, '')
    .replace(/ aria-label="([^"]*)"[^>]*>/g, '>$1\n')
    .replace(/<\/(p|h\d|li|dt|dd|td|th|caption|figcaption|pre|text|desc|title)>/g, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/\u00a0/g, ' ')
    .replace(/[ \n]*\n[ \n]*/g, '\n');
}
