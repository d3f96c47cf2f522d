import { service, type Service } from '../../protocols/service';
import { changeResourceRecordSets } from './change-resource-record-sets';
import { getChange } from './get-change';
import { getHostedZone } from './get-hosted-zone';
import { listHostedZones } from './list-hosted-zones';
import { listHostedZonesByName } from './list-hosted-zones-by-name';
import { listResourceRecordSets } from './list-resource-record-sets';
import { listTagsForResource } from './list-tags-for-resource';
import { listTagsForResources } from './list-tags-for-resources';
import type { Route53State } from './route53-state';

export function route53Service(state: Route53State): Service {
  return service({
    name: 'route53',
    wire: {
      protocol: 'rest-xml',
      xmlNamespace: 'https://route53.amazonaws.com/doc/2013-04-01/',
      errors: 'wrapped',
      listItems: {
        HostedZones: 'HostedZone',
        ResourceRecordSets: 'ResourceRecordSet',
        ResourceRecords: 'ResourceRecord',
        ResourceTagSets: 'ResourceTagSet',
        Tags: 'Tag',
        VPCs: 'VPC',
      },
    },
    invalidInput: { missing: 'InvalidInput', invalid: 'InvalidInput' },
    operations: [
      listHostedZones,
      listHostedZonesByName,
      getHostedZone,
      listResourceRecordSets,
      changeResourceRecordSets,
      getChange,
      listTagsForResource,
      listTagsForResources,
    ],
    state,
  });
}
