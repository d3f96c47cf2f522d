/** The engine versions that AWS would run for each engine; what really runs is said by `EngineVersion`. */
const FAMILIES = { 'aurora-mysql': 'aurora-mysql8.0', 'aurora-postgresql': 'aurora-postgresql15' } as const;

export const families: readonly string[] = Object.values(FAMILIES);

export function familyOf(engine: string): string {
  return engine === 'aurora-postgresql' ? FAMILIES[engine] : FAMILIES['aurora-mysql'];
}

/** The name of a family's default group, of clusters and of instances alike. */
export function defaultGroupOf(family: string): string {
  return `default.${family}`;
}
