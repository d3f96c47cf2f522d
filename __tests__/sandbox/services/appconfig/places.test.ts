import { awsError } from '../service-bench';
import { openAppConfig } from './appconfig-bench';

test('applications, environments and profiles are told one by one and in lists', async () => {
  const { call, place, profile } = await openAppConfig();
  const { ApplicationId } = place;
  await expect(call('GetApplication', { ApplicationId })).resolves.toMatchObject({ Name: 'shop' });
  await expect(call('ListApplications')).resolves.toMatchObject({ Items: [{ Id: ApplicationId }] });
  await expect(call('GetEnvironment', place)).resolves.toMatchObject({ State: 'READY_FOR_DEPLOYMENT' });
  await expect(call('ListEnvironments', { ApplicationId })).resolves.toMatchObject({
    Items: [{ Name: 'prod' }],
  });
  const told = await call('GetConfigurationProfile', profile);
  expect(told).toMatchObject({ LocationUri: 'hosted', Type: 'AWS.Freeform' });
  await expect(call('ListConfigurationProfiles', { ApplicationId })).resolves.toEqual({ Items: [told] });
});

test('lists come in pages', async () => {
  const { call } = await openAppConfig();
  await call('CreateApplication', { Name: 'other' });
  const first = await call('ListApplications', { MaxResults: '1' });
  expect(first).toMatchObject({ Items: [{ Name: 'shop' }] });
  const { NextToken } = first;
  await expect(call('ListApplications', { NextToken })).resolves.toMatchObject({
    Items: [{ Name: 'other' }],
  });
  await expect(call('ListApplications', { NextToken: 'bogus' })).rejects.toEqual(
    awsError('BadRequestException', 'next token'),
  );
});

test.each(['GetApplication', 'ListEnvironments', 'ListConfigurationProfiles'])(
  '%s of what is not there is a ResourceNotFoundException',
  async (operation) => {
    const { call } = await openAppConfig();
    await expect(call(operation, { ApplicationId: 'none' })).rejects.toEqual(
      awsError('ResourceNotFoundException', 'Application with ID none'),
    );
  },
);

test('the predefined strategies are there, and one of one’s own', async () => {
  const { call } = await openAppConfig();
  const own = await call('CreateDeploymentStrategy', {
    Name: 'mine',
    DeploymentDurationInMinutes: 0,
    GrowthFactor: 100,
  });
  await expect(call('GetDeploymentStrategy', { DeploymentStrategyId: own['Id'] })).resolves.toEqual(own);
  const { Items } = (await call('ListDeploymentStrategies')) as { Items: { Id: string }[] };
  expect(Items.map(({ Id }) => Id)).toEqual(expect.arrayContaining(['AppConfig.AllAtOnce', own['Id']]));
});
