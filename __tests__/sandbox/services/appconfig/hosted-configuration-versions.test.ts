import { awsError } from '../service-bench';
import { openAppConfig } from './appconfig-bench';

test('versions are numbered, told newest first, and never change', async () => {
  const { call, createVersion, profile } = await openAppConfig();
  await createVersion('one');
  await expect(createVersion('two', { LatestVersionNumber: '1' })).resolves.toMatchObject({
    VersionNumber: 2,
  });
  await expect(call('ListHostedConfigurationVersions', profile)).resolves.toMatchObject({
    Items: [{ VersionNumber: 2 }, { VersionNumber: 1 }],
  });
  const first = await call('GetHostedConfigurationVersion', { ...profile, VersionNumber: '1' });
  expect(first).toMatchObject({ ContentType: 'text/plain', Content: Buffer.from('one') });
});

test('a number is not used again', async () => {
  const { call, createVersion, profile } = await openAppConfig();
  await createVersion('one');
  await call('DeleteHostedConfigurationVersion', { ...profile, VersionNumber: '1' });
  await expect(createVersion('two')).resolves.toMatchObject({ VersionNumber: 2 });
  await expect(call('GetHostedConfigurationVersion', { ...profile, VersionNumber: '1' })).rejects.toEqual(
    awsError('ResourceNotFoundException', 'ID 1'),
  );
});

test.each([
  ['over what someone else made meanwhile', { LatestVersionNumber: '0' }, 'ConflictException'],
  ['with a label that is taken', { VersionLabel: 'v1' }, 'ConflictException'],
  ['with a label of digits', { VersionLabel: '7' }, 'BadRequestException'],
  ['without a type', { ContentType: undefined }, 'BadRequestException'],
])('refuses one %s', async (_what, more, code) => {
  const { createVersion } = await openAppConfig();
  await createVersion('one', { VersionLabel: 'v1' });
  await expect(createVersion('two', more)).rejects.toEqual(awsError(code));
});
