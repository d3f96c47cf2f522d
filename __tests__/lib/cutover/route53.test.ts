import {
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import { mockClient } from 'aws-sdk-client-mock';
import { HostedZones } from '../../../lib/cutover/route53';

const api = mockClient(Route53Client);
const zones = new HostedZones(new Route53Client({ region: 'eu-central-1' }));
beforeEach(() => {
  api.reset();
  api
    .on(ListHostedZonesCommand, { Marker: undefined })
    .resolves({
      HostedZones: [
        { Id: '/hostedzone/Z1', Name: 'example.internal.', CallerReference: '1' },
        { Id: '/hostedzone/Z2', Name: 'twice.example.', CallerReference: '2' },
      ],
      IsTruncated: true,
      NextMarker: 'm',
      MaxItems: 2,
      Marker: '',
    })
    .on(ListHostedZonesCommand, { Marker: 'm' })
    .resolves({
      HostedZones: [{ Id: '/hostedzone/Z3', Name: 'twice.example.', CallerReference: '3' }],
      IsTruncated: false,
      MaxItems: 2,
      Marker: 'm',
    });
});

const CNAME: ResourceRecordSet = {
  Name: 'db.example.internal.',
  Type: 'CNAME',
  TTL: 30,
  ResourceRecords: [{ Value: 'trading.example.com.' }],
};

function holds(...records: ResourceRecordSet[]): void {
  api
    .on(ListResourceRecordSetsCommand)
    .resolves({ ResourceRecordSets: records, IsTruncated: false, MaxItems: 1 });
}

describe('HostedZones', () => {
  test.each([
    ['example.internal', 'DB.example.internal.'],
    ['Z1', 'db.example.internal'],
  ])('reads a CNAME of zone %s with its TTL', async (zone, name) => {
    holds(CNAME);
    expect(await zones.fetchCname(zone, name)).toEqual({
      ok: true,
      value: { zoneId: 'Z1', name: 'db.example.internal', ttlSeconds: 30, target: 'trading.example.com' },
    });
    const [call] = api.commandCalls(ListResourceRecordSetsCommand);
    expect(call?.args[0].input).toMatchObject({
      HostedZoneId: 'Z1',
      StartRecordName: 'db.example.internal',
      StartRecordType: 'CNAME',
    });
  });

  test.each<[string, string, ResourceRecordSet[]]>([
    ['zone-not-found', 'other.example', []],
    ['several-zones', 'twice.example', []],
    ['record-not-found', 'Z1', []],
    ['record-not-found', 'Z1', [{ ...CNAME, Name: 'later.example.internal.' }]],
    ['record-not-found', 'Z1', [{ ...CNAME, Type: 'TXT' }]],
    ['unsupported-record', 'Z1', [{ ...CNAME, SetIdentifier: 'blue', Weight: 1 }]],
    ['unsupported-record', 'Z1', [{ ...CNAME, TrafficPolicyInstanceId: 'tpi-1' }]],
    ['unsupported-record', 'Z1', [{ ...CNAME, ResourceRecords: [{ Value: 'a' }, { Value: 'b' }] }]],
    [
      'unsupported-record',
      'Z1',
      [
        {
          Name: CNAME.Name,
          Type: 'CNAME',
          AliasTarget: { HostedZoneId: 'Z9', DNSName: 'x.', EvaluateTargetHealth: false },
        },
      ],
    ],
  ])('refuses %s in zone %s', async (reason, zone, records) => {
    holds(...records);
    expect(await zones.fetchCname(zone, 'db.example.internal')).toMatchObject({
      ok: false,
      refusal: { reason },
    });
  });
});
