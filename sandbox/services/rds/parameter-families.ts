import type { RdsState } from './rds-state';

export function familyOf(engine: string): string {
  return engine === 'aurora-postgresql' ? 'aurora-postgresql15' : 'aurora-mysql8.0';
}

/** The name of the family's default group, which exists as soon as something uses it. */
export function defaultClusterParameterGroup(engine: string, state: RdsState): string {
  return ensureDefault(state.clusterParameterGroups, engine);
}

export function defaultParameterGroup(engine: string, state: RdsState): string {
  return ensureDefault(state.parameterGroups, engine);
}

function ensureDefault(groups: RdsState['parameterGroups'], engine: string): string {
  const family = familyOf(engine);
  const name = `default.${family}`;
  if (!groups.has(name)) {
    groups.add({
      name,
      family,
      description: `Default parameter group for ${family}`,
      tags: new Map(),
      parameters: new Map(),
    });
  }
  return name;
}
