import { route53Service } from '../../../../sandbox/services/route53/route53-service';
import { Route53State } from '../../../../sandbox/services/route53/route53-state';
import type { HostedZone } from '../../../../sandbox/services/route53/zone';
import { callerOf, type Answer, type Call } from '../service-bench';

export interface Bench {
  readonly call: Call;
  readonly state: Route53State;
  readonly zone: HostedZone;
  readonly change: (...changes: object[]) => Promise<Answer>;
  /** Names and types in the order in which they are listed. */
  readonly records: (input?: object) => Promise<string[]>;
}

/** Route 53 with the zone `trading.internal` and in it the CNAME `db`. */
export function openRoute53(dnsPropagationMs = 0): Bench {
  const state = new Route53State({ region: 'us-east-2', dnsPropagationMs });
  const zone = state.createZone('trading.internal', [
    { name: 'db.trading.internal', type: 'CNAME', ttlSeconds: 5, values: ['127.1.2.3'] },
  ]);
  const call = callerOf(route53Service(state));
  return {
    call,
    state,
    zone,
    change: (...changes) =>
      call('ChangeResourceRecordSets', {
        HostedZoneId: zone.id,
        ChangeBatch: { Changes: { Change: changes } },
      }),
    records: async (input = {}) => {
      const { ResourceRecordSets } = (await call('ListResourceRecordSets', {
        HostedZoneId: zone.id,
        ...input,
      })) as { ResourceRecordSets: { Name: string; Type: string }[] };
      return ResourceRecordSets.map(({ Name, Type }) => `${Name} ${Type}`);
    },
  };
}

export function record(name: string, type: string, ...values: string[]): object {
  return {
    Name: name,
    Type: type,
    TTL: '5',
    ResourceRecords: { ResourceRecord: values.map((Value) => ({ Value })) },
  };
}
