import { approvedResources, plannedClusterOf, type ApprovedResource } from '../approved';
import { answer, type Finding, type Rule } from '../rule';
import { managedChanges, show, type ResourceChange } from '../terraform-plan';

export const approvedResourcesOnly: Rule = {
  name: 'approved-resources',
  title: 'every resource is one of the plan, and none of the plan is missing',
  check: ({ terraform, approved }) => {
    const missing = approvedResources(approved);
    const findings: Finding[] = [];
    for (const change of managedChanges(terraform)) {
      const of = plannedClusterOf(change, terraform, approved.restore)?.restored.clusterIdentifier;
      const at = missing.findIndex((resource) => isIt(change, resource, of));
      if (at >= 0) missing.splice(at, 1);
      else findings.push({ address: change.address, problem: `${describe(change)} is not in the plan` });
    }
    // a destroy that was cut short has less left to delete
    if (approved.kind === 'destroy') return answer(findings);
    return answer([
      ...findings,
      ...missing.map(({ type, name }) => ({
        address: type,
        problem: `${show(name)} of the plan is missing`,
      })),
    ]);
  },
};

function isIt({ type, change }: ResourceChange, resource: ApprovedResource, of?: string): boolean {
  if (type !== resource.type || (resource.of !== undefined && resource.of !== of)) return false;
  const names = [change.before, change.after].flatMap((values) =>
    values === null ? [] : [values[resource.key]],
  );
  return (
    names.every((name) => name === resource.name) &&
    (change.importing === undefined || change.importing.id === (resource.importId ?? resource.name))
  );
}

function describe({ change }: ResourceChange): string {
  const values = change.after ?? change.before ?? {};
  const name = ['cluster_identifier', 'identifier', 'feature_name', 'name']
    .map((key) => values[key])
    .find((value) => typeof value === 'string');
  return name === undefined ? 'it' : show(values['identifier'] ?? name);
}
