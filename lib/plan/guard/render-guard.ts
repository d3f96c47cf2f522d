import { unreachable } from '../../errors';
import type { GuardReport, JudgedRule } from './run-guard';

/** One line a rule, and below a failed one each of its findings. */
export function renderGuard({ rules }: GuardReport): string {
  return rules.flatMap(renderRule).join('\n');
}

function renderRule({ name, title, answer }: JudgedRule): string[] {
  switch (answer.verdict) {
    case 'pass':
      return [`pass  ${name}: ${title}`];
    case 'not-applicable':
      return [`n/a   ${name}: ${answer.because}`];
    case 'fail':
      return [
        `FAIL  ${name}: expected that ${title}`,
        ...answer.findings.map(({ address, problem }) => `      ${address}: ${problem}`),
      ];
    default:
      return unreachable(answer);
  }
}
