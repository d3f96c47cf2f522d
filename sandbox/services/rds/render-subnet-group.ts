import type { SubnetGroup } from './groups';

const VPC = 'vpc-0000000000000d111';

/** The shape `DBSubnetGroup` of the API: one subnet in each availability zone of a VPC that has no EC2 behind it. */
export function renderSubnetGroup(
  group: SubnetGroup,
  account: { readonly accountId: string; readonly region: string },
): object {
  return {
    DBSubnetGroupName: group.name,
    DBSubnetGroupDescription: group.description,
    VpcId: VPC,
    SubnetGroupStatus: 'Complete',
    Subnets: ['a', 'b', 'c'].map((zone) => ({
      SubnetIdentifier: `subnet-0000000000000d11${zone}`,
      SubnetAvailabilityZone: { Name: `${account.region}${zone}` },
      SubnetStatus: 'Active',
    })),
    DBSubnetGroupArn: `arn:aws:rds:${account.region}:${account.accountId}:subgrp:${group.name}`,
    SupportedNetworkTypes: ['IPV4'],
  };
}
