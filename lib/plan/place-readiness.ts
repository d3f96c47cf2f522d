import { SETTINGS_FILE, type Settings } from '../settings';
import type { ReadinessLine } from './readiness-line';

/** Whether the credentials lead where the project's settings say. */
export function checkExpectedPlace(
  found: { readonly account: string; readonly region: string; readonly arn: string },
  expected: Pick<Settings, 'account' | 'region'>,
): ReadinessLine {
  const title = 'credentials';
  const finding = `${found.arn}, account ${found.account}, ${found.region}`;
  const wrong = [
    ...differs('account', found.account, expected.account),
    ...differs('region', found.region, expected.region),
  ];
  if (wrong.length === 0) return { verdict: 'pass', title, finding };
  return {
    verdict: 'fail',
    title,
    finding: `${finding}: ${wrong.join(', ')}`,
    remedy: `log in there, or set AWS_PROFILE and AWS_REGION; or mend ${SETTINGS_FILE}`,
  };
}

function differs(name: string, found: string, expected: string | undefined): string[] {
  return expected === undefined || found === expected ? [] : [`expected ${name} ${expected}`];
}
