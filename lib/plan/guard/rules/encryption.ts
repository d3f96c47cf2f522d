import { answer, notApplicable, type Rule } from '../rule';
import { createdResources, show } from '../terraform-plan';

export const encryption: Rule = {
  name: 'encryption',
  title: 'storage is encrypted with the approved key',
  check: ({ terraform, approved }) => {
    if (approved.kind !== 'restore') return notApplicable('nothing is restored');
    const clusters = createdResources(terraform).filter(({ type }) => type === 'aws_rds_cluster');
    if (clusters.length === 0) return notApplicable('the cluster has been restored already');
    const { kmsKeyId } = approved.restore.restored;
    const findings = clusters.flatMap(({ address, change: { after } }) => {
      const found = after?.['kms_key_id'] ?? null;
      return [
        ...(found === kmsKeyId ? [] : [`kms_key_id is ${show(found)}, expected ${show(kmsKeyId)}`]),
        ...(after?.['storage_encrypted'] === false ? ['storage_encrypted is false'] : []),
      ].map((problem) => ({ address, problem }));
    });
    if (kmsKeyId === null && findings.length === 0) {
      return notApplicable('the source is not encrypted, and a restore in time cannot change that');
    }
    return answer(findings);
  },
};
