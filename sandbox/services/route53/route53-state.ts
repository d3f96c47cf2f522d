import { randomBytes } from 'node:crypto';
import { AwsError } from '../../protocols/operation';
import { canonicalName } from './dns-names';
import { recordKey, type HostedZone, type RecordSet } from './zone';

export interface Change {
  /** Without `/change/`. */
  readonly id: string;
  readonly submittedAt: Date;
  readonly comment: string | undefined;
  inSync: boolean;
}

export interface Route53Settings {
  readonly region: string;
  /** From a change until name servers answer it. */
  readonly dnsPropagationMs: number;
}

/** The account's hosted zones, and the changes of their records. */
export class Route53State {
  readonly zones = new Map<string, HostedZone>();
  readonly changes = new Map<string, Change>();
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(private readonly settings: Route53Settings) {}

  /** Makes a private hosted zone as if it had been there before; the API has no CreateHostedZone here. */
  createZone(domain: string, records: readonly RecordSet[] = []): HostedZone {
    const name = canonicalName(domain);
    const server = 'ns-1536.awsdns-00.co.uk.';
    const own: readonly RecordSet[] = [
      { name, type: 'NS', ttlSeconds: 172800, values: [server] },
      {
        name,
        type: 'SOA',
        ttlSeconds: 900,
        values: [`${server} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`],
      },
    ];
    const all = [...own, ...records.map((record) => ({ ...record, name: canonicalName(record.name) }))];
    const map = new Map(all.map((record) => [recordKey(record), record]));
    const zone: HostedZone = {
      id: newId('Z'),
      name,
      comment: '',
      callerReference: newId('R'),
      vpc: { id: 'vpc-00000000000000001', region: this.settings.region },
      tags: new Map(),
      records: map,
      published: map,
    };
    this.zones.set(zone.id, zone);
    return zone;
  }

  /** @throws AwsError where there is none */
  find(id: string): HostedZone {
    const zone = this.zones.get(plainId(id));
    if (zone === undefined) {
      throw new AwsError('NoSuchHostedZone', `No hosted zone found with ID: ${plainId(id)}`, 404);
    }
    return zone;
  }

  /** Makes these the zone's records, which name servers answer when the change is in sync. */
  change(zone: HostedZone, records: ReadonlyMap<string, RecordSet>, comment: string | undefined): Change {
    const change: Change = { id: newId('C'), submittedAt: new Date(), comment, inSync: false };
    zone.records = records;
    this.changes.set(change.id, change);
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      change.inSync = true;
      zone.published = records;
    }, this.settings.dnsPropagationMs);
    this.timers.add(timer);
    return change;
  }

  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }
}

/** SDKs send an id as they got it, or without its path. */
export function plainId(id: string): string {
  return id.replace(/^.*\//, '');
}

function newId(letter: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
  return letter + Array.from(randomBytes(20), (byte) => letters.charAt(byte % letters.length)).join('');
}
