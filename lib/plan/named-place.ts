import type { Place } from './actions';

/** What whoever sets up the roles says of a place; a name may hold `*`. */
export interface NamedPlace extends Pick<
  Place,
  | 'partition'
  | 'account'
  | 'region'
  | 'sourceClusters'
  | 'otherClusters'
  | 'retainedBackups'
  | 'keys'
  | 'roles'
  | 'parameters'
  | 'secrets'
  | 'hostedZones'
  | 'dnsRecords'
  | 'configurations'
  | 'applicationKeys'
  | 'databaseUsers'
> {
  readonly sourceInstances?: readonly string[] | undefined;
  readonly restoredClusters?: readonly string[] | undefined;
  readonly snapshots?: readonly string[] | undefined;
  readonly loginSecrets?: readonly string[] | undefined;
}

/**
 * Everything that comes of the source clusters, by the names that a plan and RDS give it; only what
 * is called otherwise has to be named.
 */
export function namedPlace(named: NamedPlace): Place {
  const { sourceClusters } = named;
  const restoredClusters = named.restoredClusters ?? sourceClusters.map((name) => `${name}-*`);
  return {
    ...named,
    sourceInstances: named.sourceInstances ?? sourceClusters.flatMap(usualInstances),
    restoredClusters,
    restoredInstances: restoredClusters.map((name) => `${name}-*`),
    snapshots: [
      ...sourceClusters.flatMap((name) => [`rds:${name}-*`, `${name}-*`]),
      ...(named.snapshots ?? []),
    ],
    loginSecrets: named.loginSecrets ?? named.secrets,
    parameterGroup: '*',
    instanceParameterGroup: '*',
    subnetGroup: '*',
    optionGroup: '*',
    logGroups: sourceClusters.map((name) => `/aws/rds/cluster/${name}/*`),
  };
}

/** `trading-1` to `trading-99`, and the console's `trading-instance-1`; too short for a restored one, `trading-DRILL-1`. */
function usualInstances(cluster: string): string[] {
  return ['?', '??', 'instance-?', 'instance-??'].map((rest) => `${cluster}-${rest}`);
}
