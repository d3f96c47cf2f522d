import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import { integer } from '../../protocols/query-input';
import { canonicalName, compareNames } from './dns-names';
import { renderZone } from './render-zone';
import { plainId, type Route53State } from './route53-state';
import type { HostedZone } from './zone';

/** In the order of names, from the name on that was asked for. */
export const listHostedZonesByName = operation({
  name: 'ListHostedZonesByName',
  http: {
    method: 'GET',
    path: '/2013-04-01/hostedzonesbyname',
    query: { dnsname: 'DNSName', hostedzoneid: 'HostedZoneId', maxitems: 'MaxItems' },
  },
  input: z.strictObject({
    DNSName: z.string().optional(),
    HostedZoneId: z.string().optional(),
    MaxItems: integer(1, 100).optional(),
  }),
  run: ({ DNSName, HostedZoneId, MaxItems = 100 }, state: Route53State) => {
    if (HostedZoneId !== undefined && DNSName === undefined) {
      throw new AwsError('InvalidInput', 'HostedZoneId can be given together with DNSName only');
    }
    const start = { name: canonicalName(DNSName ?? ''), id: plainId(HostedZoneId ?? '') };
    const zones = [...state.zones.values()]
      .sort(compareZones)
      .filter((zone) => DNSName === undefined || compareZones(zone, start) >= 0);
    const next = zones[MaxItems];
    return {
      HostedZones: zones.slice(0, MaxItems).map(renderZone),
      DNSName,
      HostedZoneId,
      IsTruncated: next !== undefined,
      NextDNSName: next?.name,
      NextHostedZoneId: next?.id,
      MaxItems,
    };
  },
});

function compareZones(a: Pick<HostedZone, 'name' | 'id'>, b: Pick<HostedZone, 'name' | 'id'>): number {
  return compareNames(a.name, b.name) || (a.id < b.id ? -1 : Number(a.id > b.id));
}
