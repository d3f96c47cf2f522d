import { answer, type Finding, type Rule } from '../rule';

export const completePlan: Rule = {
  name: 'complete-plan',
  title: 'Terraform planned everything, without an error',
  check: ({ terraform }) => {
    const findings: Finding[] = [];
    const report = (problem: string): void => void findings.push({ address: 'plan', problem });
    if (!/^1[.]\d+$/.test(terraform.format_version)) {
      report(`its format is version ${terraform.format_version}, expected 1.x`);
    }
    if (terraform.errored) report('Terraform met an error while planning');
    // older versions than 1.8 do not say: they know no incomplete plan but an errored one
    if (terraform.complete === false) report('it is incomplete: a further plan would follow its apply');
    const deferred = terraform.deferred_changes.length + terraform.deferred_action_invocations.length;
    if (deferred > 0) report(`${deferred} changes are deferred to a later plan`);
    return answer(findings);
  },
};
