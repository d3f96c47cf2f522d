import { invalidValue } from './faults';
import type { RdsState } from './rds-state';
import type { Tags } from './tags';

/**
 * The tags of whatever an ARN names, to read and to change.
 * @throws AwsError where it names nothing that is there
 */
export function tagsOfResource(arn: string, state: RdsState): Tags {
  const { accountId, region } = state.settings;
  const prefix = `arn:aws:rds:${region}:${accountId}:`;
  const [, kind, name = ''] =
    /^([a-z-]+):(.+)$/.exec(arn.startsWith(prefix) ? arn.slice(prefix.length) : '') ?? [];
  switch (kind) {
    case 'cluster':
      return state.cluster(name).tags;
    case 'db':
      return state.instance(name).tags;
    case 'cluster-snapshot':
      return state.snapshot(name).tags;
    case 'cluster-pg':
      return state.clusterParameterGroups.get(name).tags;
    case 'pg':
      return state.parameterGroups.get(name).tags;
    case 'subgrp':
      return state.subnetGroups.get(name).tags;
    default:
      throw invalidValue(`Invalid resource name: ${arn}`);
  }
}
