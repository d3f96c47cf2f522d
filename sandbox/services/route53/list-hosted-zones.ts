import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import { integer } from '../../protocols/query-input';
import { renderZone } from './render-zone';
import type { Route53State } from './route53-state';

/** In the order in which they were made; a page begins with the zone that the marker names. */
export const listHostedZones = operation({
  name: 'ListHostedZones',
  http: {
    method: 'GET',
    path: '/2013-04-01/hostedzone',
    query: { marker: 'Marker', maxitems: 'MaxItems', hostedzonetype: 'HostedZoneType' },
  },
  input: z.strictObject({
    Marker: z.string().optional(),
    MaxItems: integer(1, 100).optional(),
    HostedZoneType: z.literal('PrivateHostedZone').optional(),
  }),
  run: ({ Marker, MaxItems = 100 }, state: Route53State) => {
    const zones = [...state.zones.values()];
    const from = Marker === undefined ? 0 : zones.findIndex(({ id }) => id === Marker);
    if (from < 0) throw new AwsError('InvalidInput', `the marker '${Marker ?? ''}' is no hosted zone`);
    const next = zones[from + MaxItems];
    return {
      HostedZones: zones.slice(from, from + MaxItems).map(renderZone),
      Marker,
      IsTruncated: next !== undefined,
      NextMarker: next?.id,
      MaxItems,
    };
  },
});
