import type { AnswerBinding } from '../../protocols/http-binding';
import type { HostedVersion } from './model';

/** Where an answer with one version holds what. */
export const VERSION_ANSWER: AnswerBinding = {
  headers: {
    'application-id': 'ApplicationId',
    'configuration-profile-id': 'ConfigurationProfileId',
    'version-number': 'VersionNumber',
    'content-type': 'ContentType',
    description: 'Description',
    versionlabel: 'VersionLabel',
  },
  payload: 'Content',
};

export function renderVersion(
  place: { readonly ApplicationId: string; readonly ConfigurationProfileId: string },
  { number, contentType, description, label }: HostedVersion,
): object {
  return {
    ApplicationId: place.ApplicationId,
    ConfigurationProfileId: place.ConfigurationProfileId,
    VersionNumber: number,
    ContentType: contentType,
    Description: description,
    VersionLabel: label,
  };
}
