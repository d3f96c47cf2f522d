export const RECORD_TYPES = ['A', 'AAAA', 'CNAME', 'NS', 'SOA', 'TXT'] as const;
export type RecordType = (typeof RECORD_TYPES)[number];

/** Records of one name and type. */
export interface RecordSet {
  /** Canonical. */
  readonly name: string;
  readonly type: RecordType;
  readonly ttlSeconds: number;
  readonly values: readonly string[];
}

export interface HostedZone {
  /** Without `/hostedzone/`. */
  readonly id: string;
  /** Canonical. */
  readonly name: string;
  readonly comment: string;
  readonly callerReference: string;
  /** The network that a private zone belongs to; a public zone has none. */
  readonly vpc: { readonly id: string; readonly region: string } | undefined;
  readonly tags: ReadonlyMap<string, string>;
  /** By `recordKey`, as the API tells them. */
  records: ReadonlyMap<string, RecordSet>;
  /** As name servers answer them: behind `records` until a change is in sync. */
  published: ReadonlyMap<string, RecordSet>;
}

export function recordKey({ name, type }: Pick<RecordSet, 'name' | 'type'>): string {
  return `${name} ${type}`;
}
