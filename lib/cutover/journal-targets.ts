import type { RepointPlan } from '../artefacts/repoint-plan';

/** A target that the AWS SDK changes, since Terraform would keep the text around the host in its state. */
export type JournalTarget = Exclude<
  RepointPlan['targets'][number],
  { kind: 'ssm-parameter' } | { kind: 'dns-record' }
>;

export type TargetsOfOneDocument = readonly [JournalTarget, ...JournalTarget[]];

/** The plan's targets that Terraform does not manage, with those together that lie in the same document. */
export function byDocument(plan: RepointPlan): TargetsOfOneDocument[] {
  const groups = new Map<string, [JournalTarget, ...JournalTarget[]]>();
  for (const target of plan.targets) {
    if (target.kind === 'ssm-parameter' || target.kind === 'dns-record') continue;
    const document = `${target.kind} ${target.name}`;
    const group = groups.get(document);
    if (group === undefined) groups.set(document, [target]);
    else group.push(target);
  }
  return [...groups.values()];
}
