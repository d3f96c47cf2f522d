import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import { integer } from '../../protocols/query-input';
import { conflict, type AppConfigState } from './appconfig-state';
import { renderVersion, VERSION_ANSWER } from './hosted-versions';
import { description } from './shapes';

/** Source: AppConfig quotas, deployment size limit of hosted configurations. */
const LARGEST = 2 * 1024 * 1024;

export const createHostedConfigurationVersion = operation({
  name: 'CreateHostedConfigurationVersion',
  http: {
    method: 'POST',
    path: '/applications/{ApplicationId}/configurationprofiles/{ConfigurationProfileId}/hostedconfigurationversions',
    headers: {
      'content-type': 'ContentType',
      description: 'Description',
      'latest-version-number': 'LatestVersionNumber',
      versionlabel: 'VersionLabel',
    },
    payload: 'Content',
    answer: { status: 201, ...VERSION_ANSWER },
  },
  input: z.strictObject({
    ApplicationId: z.string(),
    ConfigurationProfileId: z.string(),
    Content: z.instanceof(Uint8Array),
    ContentType: z.string().min(1).max(255),
    Description: description,
    /** Guards against overwriting what someone else has made meanwhile. */
    LatestVersionNumber: integer(0, 2 ** 31 - 1).optional(),
    VersionLabel: z
      .string()
      .max(64)
      .regex(/\D/, 'expected a label with something other than digits in it')
      .optional(),
  }),
  run: (request, state: AppConfigState) => {
    const { ApplicationId, ConfigurationProfileId, Content, LatestVersionNumber, VersionLabel } = request;
    const profile = state.profile(state.application(ApplicationId), ConfigurationProfileId);
    if (Content.length > LARGEST) {
      throw new AwsError('PayloadTooLargeException', `The content is larger than ${LARGEST} bytes`, 413);
    }
    const latest = Math.max(0, ...profile.versions.keys());
    if (LatestVersionNumber !== undefined && LatestVersionNumber !== latest) {
      throw conflict(`The latest version number is ${latest}, not ${LatestVersionNumber}`);
    }
    if (
      VersionLabel !== undefined &&
      [...profile.versions.values()].some(({ label }) => label === VersionLabel)
    ) {
      throw conflict(`There is a version labelled ${VersionLabel} already`);
    }
    profile.lastVersion += 1;
    const version = {
      number: profile.lastVersion,
      content: Content,
      contentType: request.ContentType,
      description: request.Description,
      label: VersionLabel,
    };
    profile.versions.set(version.number, version);
    return { ...renderVersion(request, version), Content };
  },
});
