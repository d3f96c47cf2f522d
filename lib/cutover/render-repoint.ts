import type { PlannedRepoint } from './plan-repoint';
import { describeTarget } from './targets';

/** The repoint as a person reads it before approving it. */
export function renderRepoint({ plan, changes }: PlannedRepoint): string {
  const override = plan.overriddenVerification;
  return [
    `Repoint plan of drill ${plan.drill}, ${plan.direction} (account ${plan.account}, ${plan.region})`,
    ...(override === undefined
      ? []
      : [
          '',
          `  WITHOUT A PASSED VERIFICATION: ${override.instead}`,
          `    the reason given: ${override.reason}`,
        ]),
    ...changes.flatMap(({ target, from, to }) => [
      '',
      `  ${describeTarget(target)}${noteOn(target)}`,
      ...(from === to ? [`    is already ${to}`] : [`    from  ${from}`, `    to    ${to}`]),
    ]),
  ].join('\n');
}

function noteOn(target: PlannedRepoint['changes'][number]['target']): string {
  if (target.kind === 'ssm-parameter') return '';
  if (target.kind === 'dns-record') return ` (TTL ${target.ttlSeconds} s)`;
  return ' (the host alone; the rest of it stays as it is)';
}
