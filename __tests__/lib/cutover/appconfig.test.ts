import {
  AppConfigClient,
  ConflictException,
  CreateHostedConfigurationVersionCommand,
  GetConfigurationProfileCommand,
  GetDeploymentCommand,
  GetHostedConfigurationVersionCommand,
  ListApplicationsCommand,
  ListConfigurationProfilesCommand,
  ListDeploymentsCommand,
  ListEnvironmentsCommand,
  ListHostedConfigurationVersionsCommand,
  StartDeploymentCommand,
  StopDeploymentCommand,
  type DeploymentState,
  type DeploymentSummary,
} from '@aws-sdk/client-appconfig';
import { mockClient } from 'aws-sdk-client-mock';
import { AT_ONCE, Configurations } from '../../../lib/cutover/appconfig';

const api = mockClient(AppConfigClient);
const configurations = new Configurations(new AppConfigClient({ region: 'eu-central-1' }));
const PLACE = { applicationId: 'app1', environmentId: 'env1', profileId: 'prof1' };
const never = new AbortController().signal;

beforeEach(() => {
  api.reset();
  api.on(ListApplicationsCommand).resolves({ Items: [{ Id: 'app1', Name: 'shop' }] });
  api.on(ListEnvironmentsCommand, { ApplicationId: 'app1' }).resolves({
    Items: [
      { Id: 'env1', Name: 'prod' },
      { Id: 'env2', Name: 'twice' },
      { Id: 'env3', Name: 'twice' },
    ],
  });
  api
    .on(ListConfigurationProfilesCommand, { ApplicationId: 'app1' })
    .resolves({ Items: [{ Id: 'prof1', Name: 'database' }] });
  api.on(GetConfigurationProfileCommand).resolves({ LocationUri: 'hosted', Type: 'AWS.Freeform' });
  for (const [version, text] of [
    [1, '{"host":"old"}'],
    [2, '{"host":"new"}'],
  ] as const) {
    api.on(GetHostedConfigurationVersionCommand, { VersionNumber: version }).resolves({
      Content: Buffer.from(text) as never,
      ContentType: 'application/json',
    });
  }
  api
    .on(ListHostedConfigurationVersionsCommand)
    .resolves({ Items: [{ VersionNumber: 2 }, { VersionNumber: 1 }] });
  api.on(CreateHostedConfigurationVersionCommand).resolves({ VersionNumber: 3 });
  api.on(StartDeploymentCommand).resolves({ DeploymentNumber: 9 });
});

function deployments(...states: [DeploymentState, version: string, profile?: string][]): void {
  const Items: DeploymentSummary[] = states.map(([State, ConfigurationVersion, profile = 'prof1'], i) => ({
    DeploymentNumber: states.length - i,
    State,
    ConfigurationVersion,
    ConfigurationProfileId: profile,
  }));
  api.on(ListDeploymentsCommand).resolves({ Items: [...Items].reverse() });
}

describe('Configurations', () => {
  test.each([
    ['shop', 'prod', 'database'],
    ['app1', 'env1', 'prof1'],
  ])('finds %s/%s/%s', async (application, environment, profile) => {
    expect(await configurations.findPlace(application, environment, profile)).toEqual({
      ok: true,
      value: PLACE,
    });
  });

  test.each([
    ['configuration-not-found', 'shop', 'prod', 'other'],
    ['configuration-not-found', 'other', 'prod', 'database'],
    ['several-configurations', 'shop', 'twice', 'database'],
  ])('refuses %s: %s/%s/%s', async (reason, application, environment, profile) => {
    expect(await configurations.findPlace(application, environment, profile)).toMatchObject({
      ok: false,
      refusal: { reason },
    });
  });

  test.each([
    [{ LocationUri: 'ssm-parameter://x', Type: 'AWS.Freeform' }],
    [{ LocationUri: 'hosted', Type: 'AWS.AppConfig.FeatureFlags' }],
  ])('refuses a profile that is %j', async (profile) => {
    api.on(GetConfigurationProfileCommand).resolves(profile);
    expect(await configurations.findPlace('shop', 'prod', 'database')).toMatchObject({
      refusal: { reason: 'unsupported-configuration' },
    });
  });

  test.each<[string, [DeploymentState, string, string?][], number, number | null]>([
    [
      'the newest that is complete',
      [
        ['COMPLETE', '2'],
        ['COMPLETE', '1'],
      ],
      2,
      null,
    ],
    [
      'one that is baking',
      [
        ['BAKING', '2'],
        ['COMPLETE', '1'],
      ],
      2,
      2,
    ],
    [
      'not one that was taken back',
      [
        ['REVERTED', '2'],
        ['ROLLED_BACK', '2'],
        ['COMPLETE', '1'],
      ],
      1,
      null,
    ],
    [
      'not one of another profile',
      [
        ['COMPLETE', '2', 'other'],
        ['COMPLETE', '1'],
      ],
      1,
      null,
    ],
  ])('reads what is deployed: %s', async (_, states, version, unfinishedDeployment) => {
    deployments(...states);
    expect(await configurations.fetchDeployed(PLACE)).toEqual({
      ok: true,
      value: {
        text: version === 2 ? '{"host":"new"}' : '{"host":"old"}',
        contentType: 'application/json',
        version,
        unfinishedDeployment,
      },
    });
  });

  test('refuses a place where nothing is deployed', async () => {
    deployments();
    expect(await configurations.fetchDeployed(PLACE)).toMatchObject({
      refusal: { reason: 'nothing-deployed' },
    });
  });

  test('makes a new version of a new text, deploys it and waits until it is there', async () => {
    deployments(['COMPLETE', '2']);
    api.on(GetDeploymentCommand).resolvesOnce({ State: 'DEPLOYING' }).resolves({ State: 'BAKING' });
    const content = { text: '{"host":"other"}', contentType: 'application/json' };
    expect(await configurations.deploy(PLACE, content, AT_ONCE, never)).toEqual({ ok: true, value: 3 });
    expect(api.commandCalls(CreateHostedConfigurationVersionCommand)[0]?.args[0].input).toMatchObject({
      LatestVersionNumber: 2,
      ContentType: 'application/json',
    });
    expect(api.commandCalls(StartDeploymentCommand)[0]?.args[0].input).toMatchObject({
      ConfigurationVersion: '3',
      DeploymentStrategyId: AT_ONCE,
      Description: 'repointed by aurora-restore-drill',
    });
    expect(api.commandCalls(GetDeploymentCommand)).toHaveLength(2);
  });

  test('deploys a version again that holds the text already', async () => {
    deployments(['COMPLETE', '2']);
    api.on(GetDeploymentCommand).resolves({ State: 'COMPLETE' });
    const content = { text: '{"host":"old"}', contentType: 'application/json' };
    expect(await configurations.deploy(PLACE, content, AT_ONCE, never)).toEqual({ ok: true, value: 1 });
    expect(api.commandCalls(CreateHostedConfigurationVersionCommand)).toHaveLength(0);
  });

  test('begins nothing while another deployment of the environment goes on', async () => {
    deployments(['BAKING', '5', 'other'], ['COMPLETE', '2']);
    const content = { text: 'x', contentType: 'text/plain' };
    expect(await configurations.deploy(PLACE, content, AT_ONCE, never)).toMatchObject({
      refusal: { reason: 'deployment-in-progress' },
    });
    expect(api.commandCalls(CreateHostedConfigurationVersionCommand)).toHaveLength(0);
  });

  test('tells where an alarm rolls the deployment back', async () => {
    deployments(['COMPLETE', '2']);
    api.on(GetDeploymentCommand).resolvesOnce({ State: 'ROLLING_BACK' }).resolves({ State: 'ROLLED_BACK' });
    const content = { text: '{"host":"old"}', contentType: 'application/json' };
    expect(await configurations.deploy(PLACE, content, AT_ONCE, never)).toMatchObject({
      refusal: {
        reason: 'deployment-rolled-back',
        message: expect.stringContaining('deployment 9') as string,
      },
    });
  });

  test('gives way to a deployment that somebody begins at the same moment', async () => {
    deployments(['COMPLETE', '2']);
    api.on(StartDeploymentCommand).rejects(new ConflictException({ message: 'ongoing', $metadata: {} }));
    const content = { text: '{"host":"old"}', contentType: 'application/json' };
    expect(await configurations.deploy(PLACE, content, AT_ONCE, never)).toMatchObject({
      refusal: { reason: 'deployment-in-progress' },
    });
  });

  test.each([
    ['repointed by aurora-restore-drill', true],
    ['a release', false],
    [undefined, false],
  ])('knows a deployment of its own by its description: %s', async (Description, expected) => {
    api.on(GetDeploymentCommand).resolves({ State: 'BAKING', ...(Description ? { Description } : {}) });
    expect(await configurations.isOurs(PLACE, 9)).toBe(expected);
  });

  test('takes a deployment back and waits until it is', async () => {
    api.on(StopDeploymentCommand).resolves({});
    api.on(GetDeploymentCommand).resolvesOnce({ State: 'ROLLING_BACK' }).resolves({ State: 'ROLLED_BACK' });
    await configurations.takeBack(PLACE, 9, never);
    expect(api.commandCalls(StopDeploymentCommand)[0]?.args[0].input).toMatchObject({
      DeploymentNumber: 9,
      AllowRevert: true,
    });
  });
});

test('a configuration that is not UTF-8 is refused, since each byte that is no text would be rewritten', async () => {
  deployments(['COMPLETE', '2']);
  api.on(GetHostedConfigurationVersionCommand).resolves({
    Content: Buffer.from([0x68, 0xf6, 0x73, 0x74]) as never,
    ContentType: 'text/plain',
  });
  expect(await configurations.fetchDeployed(PLACE)).toMatchObject({
    refusal: {
      reason: 'unsupported-configuration',
      message: expect.stringContaining('version 2 of AppConfig profile prof1 is not UTF-8') as string,
    },
  });
  api.on(GetHostedConfigurationVersionCommand).resolves({
    Content: Buffer.from('\uFEFFhöst') as never,
    ContentType: 'text/plain',
  });
  expect(await configurations.fetchDeployed(PLACE)).toMatchObject({ value: { text: '\uFEFFhöst' } });
});
