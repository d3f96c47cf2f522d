import { runGuard } from '../../../../../lib/plan/guard/run-guard';
import { at } from '../../facts';
import { captured, restore } from '../judging';

test('not-expired refuses from the second on in which the restore plan expires', () => {
  const terraform = captured('restore-every-setting');
  const verdict = (now: string): string | undefined =>
    runGuard({ terraform, approved: restore, now: at(now) }).rules.find(({ name }) => name === 'not-expired')
      ?.answer.verdict;
  expect(verdict('2026-01-11T10:29:59.999Z')).toBe('pass');
  expect(verdict('2026-01-11T10:30:00Z')).toBe('fail');
});
