import { AwsError } from '../../protocols/operation';
import type { Tags } from './tags';

/** A DB cluster parameter group or a DB parameter group. */
export interface ParameterGroup {
  readonly name: string;
  readonly family: string;
  readonly description: string;
  readonly tags: Tags;
  /** What a person has set; everything else is the engine's default. */
  readonly parameters: ReadonlyMap<string, string>;
}

export interface SubnetGroup {
  readonly name: string;
  readonly description: string;
  readonly tags: Tags;
}

/** The groups of an account by name. */
export class Groups<Group extends { readonly name: string }> {
  private readonly groups = new Map<string, Group>();

  constructor(private readonly notFound: (name: string) => AwsError) {}

  add(group: Group): void {
    this.groups.set(group.name, group);
  }

  /** @throws AwsError where there is none of this name */
  get(name: string): Group {
    const group = this.groups.get(name.toLowerCase());
    if (group === undefined) throw this.notFound(name);
    return group;
  }

  all(): Iterable<Group> {
    return this.groups.values();
  }
}

export function clusterParameterGroupNotFound(name: string): AwsError {
  return new AwsError('DBClusterParameterGroupNotFound', `DBClusterParameterGroup not found: ${name}`, 404);
}

export function parameterGroupNotFound(name: string): AwsError {
  return new AwsError('DBParameterGroupNotFound', `DBParameterGroup not found: ${name}`, 404);
}

export function subnetGroupNotFound(name: string): AwsError {
  return new AwsError('DBSubnetGroupNotFoundFault', `DB subnet group '${name}' does not exist.`, 404);
}
