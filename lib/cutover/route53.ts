import {
  ListResourceRecordSetsCommand,
  paginateListHostedZones,
  Route53Client,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import { accept, refuse, type Outcome, type Refusal } from '../errors';

export interface DnsRecord {
  /** Without `/hostedzone/`. */
  readonly zoneId: string;
  /** In lower case, without the final dot. */
  readonly name: string;
  readonly ttlSeconds: number;
  /** Without the final dot. */
  readonly target: string;
}

export type DnsRefusal = Refusal<
  'zone-not-found' | 'several-zones' | 'record-not-found' | 'unsupported-record'
>;

const ZONE_ID = /^Z[A-Z0-9]{1,31}$/;

/** Reads Route 53, and changes nothing. */
export class HostedZones {
  constructor(private readonly client: Route53Client = new Route53Client({})) {}

  /** A CNAME of a zone that is named by its id or its domain name. */
  async fetchCname(zone: string, recordName: string): Promise<Outcome<DnsRecord, DnsRefusal>> {
    const zoneId = await this.zoneId(zone);
    if (!zoneId.ok) return zoneId;
    const name = plainName(recordName);
    const { ResourceRecordSets: found = [] } = await this.client.send(
      new ListResourceRecordSetsCommand({
        HostedZoneId: zoneId.value,
        StartRecordName: name,
        StartRecordType: 'CNAME',
        MaxItems: 1,
      }),
    );
    return toCname(found[0], zoneId.value, name);
  }

  private async zoneId(zone: string): Promise<Outcome<string, DnsRefusal>> {
    if (ZONE_ID.test(zone)) return accept(zone);
    const ids: string[] = [];
    for await (const page of paginateListHostedZones({ client: this.client }, {})) {
      for (const { Id, Name } of page.HostedZones ?? []) {
        if (Id !== undefined && plainName(Name ?? '') === plainName(zone))
          ids.push(Id.replace('/hostedzone/', ''));
      }
    }
    const [id, ...others] = ids;
    if (id === undefined) {
      return refuse({
        reason: 'zone-not-found',
        message: `there is no hosted zone '${zone}' in this account`,
        hint: 'name the zone by its id or domain name, as ZONE/NAME, such as example.internal/db.example.internal',
      });
    }
    if (others.length === 0) return accept(id);
    return refuse({
      reason: 'several-zones',
      message: `there are ${ids.length} hosted zones '${zone}': ${ids.join(', ')}`,
      hint: 'name the one that the application resolves by its id',
    });
  }
}

function toCname(
  found: ResourceRecordSet | undefined,
  zoneId: string,
  name: string,
): Outcome<DnsRecord, DnsRefusal> {
  // the list begins at the name asked for, and goes on with others
  if (found === undefined || plainName(found.Name ?? '') !== name || found.Type !== 'CNAME') {
    return refuse({
      reason: 'record-not-found',
      message: `hosted zone ${zoneId} has no CNAME '${name}'`,
      hint: 'name the record in full, such as ZONE/db.example.internal; records of other types cannot lead to a cluster endpoint',
    });
  }
  const [record, ...others] = found.ResourceRecords ?? [];
  if (record?.Value === undefined || found.TTL === undefined || others.length > 0) {
    return unsupported(name, found.AliasTarget === undefined ? 'has several values' : 'is an alias');
  }
  if (found.SetIdentifier !== undefined) {
    return unsupported(name, `is one of several by routing policy ('${found.SetIdentifier}')`);
  }
  if (found.TrafficPolicyInstanceId !== undefined) {
    return unsupported(name, `is made by traffic policy instance ${found.TrafficPolicyInstanceId}`);
  }
  return accept({ zoneId, name, ttlSeconds: found.TTL, target: record.Value.replace(/[.]$/, '') });
}

function unsupported(name: string, what: string): Outcome<never, DnsRefusal> {
  return refuse({
    reason: 'unsupported-record',
    message: `DNS record '${name}' ${what}, expected a simple CNAME with one value`,
    hint: 'repoint what this record leads to, or change it by hand',
  });
}

/** Route 53 keeps names in lower case, ends them in a dot, and writes `*` as `\052`. */
function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[.]$/, '')
    .replace(/^\\052/, '*');
}
