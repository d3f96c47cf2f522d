import { valueOf } from '../../../errors';
import { parseInstant } from '../../../time';
import { checkNotExpired } from '../../expiry';
import { answer, notApplicable, type Rule } from '../rule';
import { createdResources } from '../terraform-plan';

export const notExpired: Rule = {
  name: 'not-expired',
  title: 'the restore plan has not expired',
  check: ({ terraform, approved, now }) => {
    if (approved.kind !== 'restore') return notApplicable('nothing is restored');
    if (!createdResources(terraform).some(({ type }) => type === 'aws_rds_cluster')) {
      return notApplicable('the cluster has been restored already');
    }
    const { drill, expiresAt } = approved.restore;
    const checked = checkNotExpired(drill, valueOf(parseInstant(expiresAt)), now);
    return answer(checked.ok ? [] : [{ address: 'restore-plan.json', problem: checked.refusal.message }]);
  },
};
