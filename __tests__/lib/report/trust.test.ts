import { renderHtml } from '../../../lib/report/html';
import { renderMarkdown } from '../../../lib/report/markdown';
import {
  ABORTED,
  EARNEST,
  FAILED,
  INCIDENT,
  modelOf,
  PASSED,
  PLANNED,
  RESTORE_PLAN,
  type Drill,
} from './fixtures';
import { SNAPSHOT } from './more-drills';

/** What the report answers to its question, and the verdict of each thing that the answer rests on. */
function answerOf(drill: Drill): { readonly answer: string; readonly verdicts: readonly string[] } {
  const [, section = ''] = renderMarkdown(modelOf(drill)).split('## Can this restore point be trusted?\n\n');
  const [text = ''] = section.split('\n## ');
  return {
    answer: text.split('\n')[0] ?? '',
    verdicts: [...text.matchAll(/^\| \*\*(.*?)\*\* \| \S+ (?:\*\*)?(\w+)/gm)].map(
      ([, what, verdict]) => `${what}: ${verdict}`,
    ),
  };
}

describe('the trust in a restore point', () => {
  test('rests on six things, each with what shows it', () => {
    expect(answerOf(PASSED)).toEqual({
      answer: '**Yes,** by everything below.',
      verdicts: [
        'It lies before the damage: pass',
        'The commit is in the log: pass',
        'It is the right statement: pass',
        'The logs are complete: pass',
        'The restored data agrees: pass',
        'Nothing was changed since: pass',
      ],
    });
  });

  test('is denied where the restored data has the damage', () => {
    const { answer, verdicts } = answerOf(FAILED);
    expect(answer).toMatch(/^\*\*No[.]\*\*/);
    expect(verdicts).toContain('The restored data agrees: FAIL');
  });

  test('is denied where the restored data is from after the damage', () => {
    const clusters: [typeof PLANNED] = [{ ...PLANNED, dataAt: '2026-01-15T10:02:27Z' }];
    expect(answerOf({ ...PASSED, restorePlan: { ...RESTORE_PLAN, clusters } }).verdicts).toContain(
      'It lies before the damage: FAIL',
    );
  });

  test.each<[string, Drill, string]>([
    ['nothing has been verified', ABORTED, 'The restored data agrees: open'],
    ['the logs do not say that they are complete', EARNEST, 'The logs are complete: open'],
    [
      'the logs end before the damage',
      {
        incident: { ...INCIDENT, coverage: { ...INCIDENT.coverage, completeUntil: '2026-01-15T10:02:17Z' } },
      },
      'The logs are complete: open',
    ],
    [
      'the log has no commit',
      { incident: { ...INCIDENT, transaction: { kind: 'unknown', beganAt: null, committedAt: null } } },
      'The commit is in the log: open',
    ],
    [
      'a person has picked the statement',
      { incident: { ...INCIDENT, candidates: [INCIDENT.statement, INCIDENT.statement] } },
      'It is the right statement: open',
    ],
  ])('is left to people where %s', (_what, drill, verdict) => {
    const { answer, verdicts } = answerOf(drill);
    expect(verdicts).toContain(verdict);
    expect(answer).toMatch(/^\*\*Nothing speaks against it,\*\*/);
  });

  test('says of a snapshot how old it is, and claims nowhere that the restore point was restored', () => {
    const text = renderMarkdown(modelOf(SNAPSHOT));
    expect(text).toContain('the snapshot was made 6 h 52 min before');
    expect(text).toContain('what is restored is **a snapshot** from 2026-01-15 03:10:11.202 UTC');
    expect(text).toContain('**03:10:11**<br>UTC, 2026-01-15: a snapshot');
    expect(text).not.toMatch(/kept by the restore|10:02:16.*is kept|gives the state 1[.]8 s/);
    expect(renderHtml(modelOf(SNAPSHOT))).not.toContain('kept by the restore');
  });
});
