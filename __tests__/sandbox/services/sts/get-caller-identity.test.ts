import { stsService } from '../../../../sandbox/services/sts/sts-service';
import { openIam } from '../iam/iam-bench';

test('the caller is the one user of the account', async () => {
  await expect(stsService(openIam()).invoke('GetCallerIdentity', {})).resolves.toEqual({
    UserId: 'AIDASANDBOX0000000000',
    Account: '000000000000',
    Arn: 'arn:aws:iam::000000000000:user/sandbox',
  });
});
