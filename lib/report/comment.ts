import type { Refusal } from '../errors';
import type { RuleAnswer } from '../plan/guard/rule';
import { escapeMarkdown } from '../escape-markdown';
import { shorten } from '../shorten';
import { columns, type Block, type Section } from './document';
import { renderDocument, renderPhrase } from './markdown';
import type { ReportModel } from './model';
import { code, joined, mark, say, strong, type Phrase } from './phrase';
import type { NextStep } from './next-step';
import { reportDocument } from './report-document';
import { stepSection } from './sections/next';
import { shortenSection, type Limit } from './shorten-document';

/** What `npm run guard -- --json` printed for one stack: its rules, or why it could not judge. */
export type GuardVerdict = { readonly stack: string } & (
  | {
      readonly verdict: 'pass' | 'refused';
      readonly rules: readonly {
        readonly name: string;
        readonly title: string;
        readonly answer: RuleAnswer;
      }[];
    }
  | { readonly verdict: 'not-judged'; readonly refused: Pick<Refusal, 'message' | 'hint'> }
);

/** A job of the pipeline that went wrong. */
export interface FailedJob {
  /** The job, and its step where that is known: `restore: verify`. */
  readonly what: string;
  /** Where its log is. */
  readonly run: string | undefined;
}

/** GitHub refuses a comment above 65,536 characters; a workflow may add a line of its own. */
const MOST_CHARACTERS = 65_000;

/** Tried in this order until the comment fits. */
const LIMITS: readonly Limit[] = [
  { parts: 200, characters: 2000 },
  { parts: 50, characters: 500 },
  { parts: 12, characters: 200 },
  { parts: 5, characters: 80 },
];

/** Sections that stand open, in this order; the others are there to be unfolded. */
const OPEN = ['glance', 'next', 'guard', 'trust', 'timeline', 'restore'];

/**
 * The one comment of a drill's pull request, as GitHub-flavoured Markdown. It begins with an
 * invisible line that names the drill, by which the next run finds the comment and replaces it.
 */
export function renderComment(
  model: ReportModel,
  guards: readonly GuardVerdict[],
  failed?: FailedJob,
): string {
  const whole = reportDocument(model);
  const verdicts = guards.length === 0 ? [] : [guardSection(guards)];
  const isRed = guards.some(({ verdict }) => verdict !== 'pass');
  // what the guard refused is not to be applied, whatever the artefacts call for
  const all = isRed
    ? whole.sections.map((each) =>
        each.id === 'next' ? stepSection(afterRefusal(model.drill, guards)) : each,
      )
    : [...whole.sections, ...verdicts];
  const sections = [
    ...(failed === undefined ? [] : [failedSection(failed)]),
    ...(isRed ? verdicts : []),
    ...OPEN.flatMap((open) => all.filter(({ id }) => id === open)),
  ];
  const folded = all.filter(({ id }) => !OPEN.includes(id));
  const render = (shown: readonly Section[], characters = Infinity): string => {
    const headline = shorten(whole.headline, characters);
    const parts = renderDocument({ ...whole, headline, sections: shown }, model, '##');
    return `${[commentMarker(model.drill), ...parts].join('\n\n')}\n`;
  };
  const details = folded.length === 0 ? [] : [foldedSection(folded)];
  for (const text of shorterAndShorter(sections, details, model.drill, guards, render))
    if (text.length <= MOST_CHARACTERS) return text;
  throw new Error('a comment of a heading and four figures fits');
}

/** First the whole; then without its details, its long parts cut, and at last without its later sections. */
function* shorterAndShorter(
  sections: readonly Section[],
  details: readonly Section[],
  drill: string,
  guards: readonly GuardVerdict[],
  render: (shown: readonly Section[], characters?: number) => string,
): Generator<string> {
  yield render([...sections, ...details]);
  yield render([...sections, cutSection(drill, [])]);
  const cut = cutSection(drill, guards);
  for (const limit of LIMITS) {
    const shown = sections.map((section) => shortenSection(section, limit));
    yield render([...shown, cut], limit.characters);
    if (limit !== LIMITS.at(-1)) continue;
    for (let most = shown.length - 1; most >= 0; most -= 1)
      yield render([...shown.slice(0, most), cut], limit.characters);
  }
}

/** The comment where nothing can be told of the drill, since its artefacts are refused. */
export function renderRefusedComment(
  drill: string,
  { message, hint }: Pick<Refusal, 'message' | 'hint'>,
  failed?: FailedJob,
): string {
  const blocks = [
    `## Restore drill ${escapeMarkdown(drill)}: refused`,
    ...(failed === undefined ? [] : [renderPhrase(failure(failed))]),
    renderPhrase(say`${mark('fail')} ${message}. ${strong('Do not approve anything.')} Next: ${hint}.`),
  ];
  return `${[commentMarker(drill), ...blocks].join('\n\n')}\n`;
}

/** By which the comment of this drill is found again. */
export function commentMarker(drill: string): string {
  return `<!-- restore-drill ${drill} -->`;
}

function failedSection(failed: FailedJob): Section {
  const text = say`${failure(failed)} What follows is what the drill has left so far.`;
  return {
    id: 'failed',
    title: 'The pipeline failed',
    blocks: [{ kind: 'notice', text, tone: 'bad' }],
  };
}

function failure({ what, run }: FailedJob): Phrase {
  return say`${mark('fail')} ${code(what)} failed.${run === undefined ? '' : say` Its log: ${code(run)}.`}`;
}

function afterRefusal(drill: string, guards: readonly GuardVerdict[]): NextStep {
  const stacks = new Set(guards.flatMap(({ verdict, stack }) => (verdict === 'pass' ? [] : [stack])));
  return {
    what: 'mend what the guard found, and have it judge again',
    commands: [...stacks].map((stack) => `npm run guard -- --drill ${drill} --stack ${stack}`),
    who: 'whoever opened this pull request',
  };
}

function guardSection(guards: readonly GuardVerdict[]): Section {
  return {
    id: 'guard',
    title: 'Guard: does Terraform do what was approved?',
    blocks: guards.flatMap((guard): Block[] => {
      const { stack, verdict } = guard;
      if (verdict === 'not-judged') {
        const { message, hint } = guard.refused;
        return [
          {
            kind: 'text',
            text: say`${mark('fail')} The guard could not judge stack ${code(stack)}: ${message}. ${strong('Do not apply it.')} Next: ${hint}.`,
          },
        ];
      }
      const { rules } = guard;
      const failed = rules.filter(({ answer }) => answer.verdict === 'fail');
      const verdicts: Phrase =
        verdict === 'pass'
          ? say`${mark('pass')} Terraform’s plan of stack ${code(stack)} does what was approved and nothing else.`
          : say`${mark('fail')} Terraform’s plan of stack ${code(stack)} is not what was approved. ${strong('Do not apply it.')}`;
      return [
        { kind: 'text', text: verdicts },
        ...(failed.length === 0
          ? []
          : [
              {
                kind: 'table',
                caption: 'what the guard found',
                columns: columns('Rule', 'Resource', 'Problem'),
                rows: failed.flatMap(({ name, answer }) =>
                  answer.verdict === 'fail'
                    ? answer.findings.map(({ address, problem }) => [
                        [code(name)],
                        [code(address)],
                        [problem],
                      ])
                    : [],
                ),
              } as const,
            ]),
      ];
    }),
  };
}

function foldedSection(sections: readonly Section[]): Section {
  return {
    id: 'details',
    title: 'Details',
    blocks: sections.map(({ title, blocks }) => ({ kind: 'more', summary: title, blocks })),
  };
}

/** `guards`: those whose findings may be cut. */
function cutSection(drill: string, guards: readonly GuardVerdict[]): Section {
  const report = say`${code(`drills/${drill}/report.md`)} has them, or ${code(`npm run report -- --drill ${drill}`)} makes it`;
  const commands = [...new Set(guards.map(({ stack }) => stack))].map(
    (stack) => say`${code(`npm run guard -- --drill ${drill} --stack ${stack}`)}`,
  );
  return {
    id: 'details',
    title: 'Details',
    blocks: [
      {
        kind: 'text',
        text: say`The details${guards.length === 0 ? '' : ', and parts of what stands above,'} are too long for a comment: ${report}.${commands.length === 0 ? '' : say` All that the guard found: ${joined(commands, ', ')}.`}`,
      },
    ],
  };
}
