/** Kinds of instance class by the letter that AWS names them with. Source: Aurora User Guide, "DB instance class types". */
const KINDS: Readonly<Record<string, string>> = {
  t: 'burstable',
  r: 'memory-optimized',
  x: 'memory-optimized, large',
};

/** Source: Amazon RDS User Guide, "Size-flexible reserved DB instances": prices of a family are in this proportion. */
const SIZES: Readonly<Record<string, number>> = { micro: 0.5, small: 1, medium: 2, large: 4, xlarge: 8 };

export interface InstanceCost {
  /** In words, such as `memory-optimized`. */
  readonly kind: string;
  /** AWS's normalized units: 4 for `large`, 8 for `xlarge`, 16 for `2xlarge`; null where the size gives none. */
  readonly units: number | null;
}

/** How dear an instance class is, beside others of its kind. Prices themselves differ by region and contract. */
export function instanceCost(instanceClass: string): InstanceCost {
  if (instanceClass === 'db.serverless') return { kind: 'serverless, paid by use', units: null };
  const [, family = '', size = ''] = instanceClass.split('.');
  const multiple = /^(\d+)xlarge$/.exec(size)?.[1];
  const units = multiple === undefined ? SIZES[size] : Number(multiple) * 8;
  return { kind: KINDS[family.slice(0, 1)] ?? 'of an unknown kind', units: units ?? null };
}

/** All of them together; null as soon as one has no units. */
export function totalUnits(instanceClasses: readonly string[]): number | null {
  const units = instanceClasses.map((one) => instanceCost(one).units);
  return units.reduce<number | null>((sum, one) => (sum === null || one === null ? null : sum + one), 0);
}
