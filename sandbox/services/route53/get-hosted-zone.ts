import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { renderZone } from './render-zone';
import type { Route53State } from './route53-state';

export const getHostedZone = operation({
  name: 'GetHostedZone',
  http: { method: 'GET', path: '/2013-04-01/hostedzone/{Id}' },
  input: z.strictObject({ Id: z.string() }),
  run: ({ Id }, state: Route53State) => {
    const zone = state.find(Id);
    return {
      HostedZone: renderZone(zone),
      VPCs: zone.vpc === undefined ? undefined : [{ VPCRegion: zone.vpc.region, VPCId: zone.vpc.id }],
    };
  },
});
