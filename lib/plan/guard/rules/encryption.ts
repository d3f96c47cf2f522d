import { plannedClusterOf } from '../approved';
import { answer, notApplicable, type Rule } from '../rule';
import { computedAttributes, createdResources, show } from '../terraform-plan';

export const encryption: Rule = {
  name: 'encryption',
  title: 'storage is encrypted with the approved key',
  check: ({ terraform, approved }) => {
    if (approved.kind !== 'restore') return notApplicable('nothing is restored');
    const clusters = createdResources(terraform).filter(({ type }) => type === 'aws_rds_cluster');
    if (clusters.length === 0) return notApplicable('the cluster has been restored already');
    const planned = clusters.flatMap((cluster) => {
      const found = plannedClusterOf(cluster, terraform, approved.restore);
      // one that is not of the plan is refused by another rule
      return found === undefined ? [] : [{ ...cluster, kmsKeyId: found.restored.kmsKeyId }];
    });
    const findings = planned.flatMap(({ kmsKeyId, ...cluster }) => {
      const {
        address,
        change: { after },
      } = cluster;
      const computed = computedAttributes(cluster, terraform);
      const found = after?.['kms_key_id'] ?? null;
      return [
        ...(found === kmsKeyId ? [] : [`kms_key_id is ${show(found)}, expected ${show(kmsKeyId)}`]),
        ...(found === kmsKeyId && computed.includes('kms_key_id')
          ? ['kms_key_id is known after the apply only']
          : []),
        ...(after?.['storage_encrypted'] === false ? ['storage_encrypted is false'] : []),
        ...(computed.includes('storage_encrypted')
          ? ['storage_encrypted is known after the apply only']
          : []),
      ].map((problem) => ({ address, problem }));
    });
    if (findings.length === 0 && planned.every(({ kmsKeyId }) => kmsKeyId === null)) {
      return notApplicable('storage is approved to be unencrypted, as that of the source is');
    }
    return answer(findings);
  },
};
