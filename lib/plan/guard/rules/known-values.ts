import { plannedClusterOf, type Approved } from '../approved';
import { approvedSettings, isSet } from '../approved-settings';
import { configuredValues, isConstant, type ConfiguredValue } from '../configured-values';
import { answer, notApplicable, type Finding, type Rule } from '../rule';
import { createdResources, isUnknown, managedChanges, type TerraformPlan } from '../terraform-plan';

/** What an instance and a role take from their new cluster, whose id is known after the apply only. */
const FROM_THE_CLUSTER: readonly string[] = ['cluster_identifier', 'db_cluster_identifier'];

export const knownValues: Rule = {
  name: 'known-values',
  title: 'every configured value is a constant, save the id of the new cluster that it is of',
  check: ({ terraform, approved }) => {
    if (approved.kind === 'destroy') return notApplicable('nothing is set');
    return answer([...computedValues(terraform, approved), ...unknownSettings(terraform, approved)]);
  },
};

/**
 * The approved stacks configure constants, and nothing else but the id of a new cluster. Whatever
 * is computed, such as by a function of `timestamp()`, is what it will at the time of the apply.
 */
function computedValues(terraform: TerraformPlan, approved: Approved): Finding[] {
  return terraform.configuration.root_module.resources.flatMap(({ address, expressions }) => {
    const cluster = clusterIdFor(address, terraform, approved);
    return configuredValues(expressions)
      .filter(
        (value) => !isConstant(value) && !(FROM_THE_CLUSTER.includes(value.path) && isIdOf(value, cluster)),
      )
      .map(({ path, references }) => ({
        address,
        problem:
          references === undefined
            ? `${path} is computed at the time of the apply, expected a constant`
            : `${path} refers to ${references[0] ?? 'something'}${references[0] === cluster ? ', expected that id and nothing else' : ''}`,
      }));
  });
}

/** The reference and nothing around it: with a function about it, it would lead elsewhere. */
function isIdOf({ constant, references = [] }: ConfiguredValue, cluster: string | undefined): boolean {
  return (
    cluster !== undefined &&
    constant === `\${${cluster}}` &&
    references.length > 0 &&
    references.every((one) => one === cluster || cluster === `${one}.id`)
  );
}

/** How the configuration refers to the cluster that the resource at `address` is approved to be of. */
function clusterIdFor(address: string, terraform: TerraformPlan, { restore }: Approved): string | undefined {
  const changes = managedChanges(terraform);
  const change = changes.find((one) => one.address === address);
  const planned = change && plannedClusterOf(change, terraform, restore);
  if (planned === undefined) return undefined;
  const { clusterIdentifier } = planned.restored;
  const cluster = changes.find(
    ({ type, change: { before, after } }) =>
      type === 'aws_rds_cluster' && (after ?? before)?.['cluster_identifier'] === clusterIdentifier,
  );
  return cluster && `${cluster.address}.id`;
}

function unknownSettings(terraform: TerraformPlan, approved: Approved): Finding[] {
  if (approved.kind === 'repoint') {
    return managedChanges(terraform).flatMap((change) =>
      ['name', 'type', 'value', 'zone_id', 'ttl', 'records']
        .filter((attribute) => isUnknown(change, attribute))
        .map((attribute) => ({
          address: change.address,
          problem: `${attribute} is known after the apply only`,
        })),
    );
  }
  return createdResources(terraform).flatMap((change) => {
    const planned = plannedClusterOf(change, terraform, approved.restore);
    return Object.entries((planned && approvedSettings(planned, change)) ?? {})
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
