import type { PlannedRepoint } from './plan-repoint';

/** The repoint as a person reads it before approving it. */
export function renderRepoint({ plan, changes }: PlannedRepoint): string {
  return [
    `Repoint plan of drill ${plan.drill}, ${plan.direction} (account ${plan.account}, ${plan.region})`,
    ...changes.flatMap(({ name, from, to }) => [
      '',
      `  SSM parameter ${name}`,
      ...(from === to ? [`    is already ${to}`] : [`    from  ${from}`, `    to    ${to}`]),
    ]),
  ].join('\n');
}
