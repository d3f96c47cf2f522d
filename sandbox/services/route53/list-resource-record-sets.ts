import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import { integer } from '../../protocols/query-input';
import { canonicalName, compareNames } from './dns-names';
import { renderRecordSet } from './render-zone';
import type { Route53State } from './route53-state';

/** By name with its labels reversed, then by type, beginning at a name and type that need not exist. */
export const listResourceRecordSets = operation({
  name: 'ListResourceRecordSets',
  http: {
    method: 'GET',
    path: '/2013-04-01/hostedzone/{HostedZoneId}/rrset',
    query: { name: 'StartRecordName', type: 'StartRecordType', maxitems: 'MaxItems' },
  },
  input: z.strictObject({
    HostedZoneId: z.string(),
    StartRecordName: z.string().max(1024).optional(),
    StartRecordType: z.string().optional(),
    MaxItems: integer(1, 300).optional(),
  }),
  run: ({ HostedZoneId, StartRecordName, StartRecordType, MaxItems = 300 }, state: Route53State) => {
    if (StartRecordType !== undefined && StartRecordName === undefined) {
      throw new AwsError('InvalidInput', 'The record type is specified, but the record name is not');
    }
    const start = { name: canonicalName(StartRecordName ?? ''), type: StartRecordType ?? '' };
    const records = [...state.find(HostedZoneId).records.values()]
      .sort(compareRecords)
      .filter((record) => StartRecordName === undefined || compareRecords(record, start) >= 0);
    const next = records[MaxItems];
    return {
      ResourceRecordSets: records.slice(0, MaxItems).map(renderRecordSet),
      IsTruncated: next !== undefined,
      NextRecordName: next?.name,
      NextRecordType: next?.type,
      MaxItems,
    };
  },
});

interface Position {
  readonly name: string;
  readonly type: string;
}

function compareRecords(a: Position, b: Position): number {
  return compareNames(a.name, b.name) || (a.type < b.type ? -1 : Number(a.type > b.type));
}
