import type { Approved } from '../approved';
import { approvedResources } from '../approved';
import { approvedSettings, isSet } from '../approved-settings';
import { answer, notApplicable, type Finding, type Rule } from '../rule';
import { createdResources, isUnknown, managedChanges, type TerraformPlan } from '../terraform-plan';

/** What an instance and a role take from the new cluster, whose id is known after the apply only. */
const FROM_THE_CLUSTER: readonly string[] = ['cluster_identifier', 'db_cluster_identifier'];

export const knownValues: Rule = {
  name: 'known-values',
  title: 'every approved value is known before the apply, save the id of the new cluster',
  check: ({ terraform, approved }) => {
    if (approved.kind === 'destroy') return notApplicable('nothing is set');
    return answer([...references(terraform), ...unknownSettings(terraform, approved)]);
  },
};

/** A configured value that is not a constant is whatever it refers to at the time of the apply. */
function references(terraform: TerraformPlan): Finding[] {
  const clusters = managedChanges(terraform).filter(({ type }) => type === 'aws_rds_cluster');
  const allowed = clusters.map(({ address }) => `${address}.id`);
  return terraform.configuration.root_module.resources.flatMap(({ address, expressions }) =>
    Object.entries(expressions).flatMap(([attribute, expression]) => {
      const found = referencesIn(expression);
      const whole = found[0];
      if (whole === undefined) return [];
      const isTheCluster =
        FROM_THE_CLUSTER.includes(attribute) &&
        allowed.some((id) => found.every((one) => one === id || id === `${one}.id`));
      return isTheCluster ? [] : [{ address, problem: `${attribute} refers to ${whole}` }];
    }),
  );
}

function referencesIn(expression: unknown): string[] {
  if (typeof expression !== 'object' || expression === null) return [];
  return Object.entries(expression).flatMap(([key, value]: [string, unknown]) =>
    key === 'references' && Array.isArray(value) ? value.map(String) : referencesIn(value),
  );
}

function unknownSettings(terraform: TerraformPlan, approved: Approved): Finding[] {
  if (approved.kind === 'repoint') {
    return managedChanges(terraform).flatMap((change) =>
      ['name', 'type', 'value']
        .filter((attribute) => isUnknown(change, attribute))
        .map((attribute) => ({
          address: change.address,
          problem: `${attribute} is known after the apply only`,
        })),
    );
  }
  const resources = approvedResources(approved);
  return createdResources(terraform).flatMap((change) => {
    const name = resources.find(
      ({ type, key, name }) => type === change.type && change.change.after?.[key] === name,
    )?.name;
    if (name === undefined) return [];
    return Object.entries(approvedSettings(approved.restore, change.type, name) ?? {})
      .filter(
        ([attribute, value]) =>
          isSet(value) && isUnknown(change, attribute) && !FROM_THE_CLUSTER.includes(attribute),
      )
      .map(([attribute]) => ({
        address: change.address,
        problem: `${attribute} is known after the apply only`,
      }));
  });
}
