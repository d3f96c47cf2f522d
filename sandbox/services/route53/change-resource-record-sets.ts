import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import { integer } from '../../protocols/query-input';
import { xmlList } from '../../protocols/rest-xml';
import { applyChanges, type RecordChange } from './apply-changes';
import { canonicalName } from './dns-names';
import { renderChange } from './render-zone';
import type { Route53State } from './route53-state';
import { RECORD_TYPES } from './zone';

const change = z.strictObject({
  Action: z.enum(['CREATE', 'DELETE', 'UPSERT']),
  ResourceRecordSet: z.strictObject({
    Name: z.string().min(1).max(1024),
    Type: z.enum(RECORD_TYPES),
    TTL: integer(0, 2147483647).optional(),
    ResourceRecords: xmlList(
      'ResourceRecord',
      z.strictObject({ Value: z.string().min(1).max(4000) }),
    ).optional(),
  }),
});

export const changeResourceRecordSets = operation({
  name: 'ChangeResourceRecordSets',
  http: { method: 'POST', path: '/2013-04-01/hostedzone/{HostedZoneId}/rrset' },
  input: z.strictObject({
    HostedZoneId: z.string(),
    ChangeBatch: z.strictObject({
      Comment: z.string().max(256).optional(),
      Changes: xmlList('Change', change),
    }),
  }),
  run: ({ HostedZoneId, ChangeBatch: { Comment, Changes } }, state: Route53State) => {
    const zone = state.find(HostedZoneId);
    if (Changes.length === 0) throw new AwsError('InvalidInput', 'the batch holds no changes');
    const records = applyChanges(zone, Changes.map(toChange));
    return { ChangeInfo: renderChange(state.change(zone, records, Comment)) };
  },
});

function toChange({ Action, ResourceRecordSet: set }: z.infer<typeof change>): RecordChange {
  const { Name, Type, TTL, ResourceRecords: records = [] } = set;
  if (TTL === undefined || records.length === 0) {
    throw new AwsError(
      'InvalidInput',
      `Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found none in Change with [Action=${Action}, Name=${Name}, Type=${Type}, SetIdentifier=null]`,
    );
  }
  return {
    action: Action,
    record: {
      name: canonicalName(Name),
      type: Type,
      ttlSeconds: TTL,
      values: records.map(({ Value }) => Value),
    },
  };
}
