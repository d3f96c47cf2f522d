import { stsService } from '../../../../sandbox/services/sts/sts-service';

test('the caller is the one user of the account', async () => {
  await expect(stsService({ accountId: '123456789012' }).invoke('GetCallerIdentity', {})).resolves.toEqual({
    UserId: 'AIDASANDBOX0000000000',
    Account: '123456789012',
    Arn: 'arn:aws:iam::123456789012:user/sandbox',
  });
});
