import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { badRequest, type AppConfigState } from './appconfig-state';
import { currentVersion, issueToken } from './sessions';

const POLL_AGAIN_SECONDS = 60;

/** Of AppConfig's data API: empty where the client has the configuration already. */
export const getLatestConfiguration = operation({
  name: 'GetLatestConfiguration',
  http: {
    method: 'GET',
    path: '/configuration',
    query: { configuration_token: 'ConfigurationToken' },
    answer: {
      headers: {
        'next-poll-configuration-token': 'NextPollConfigurationToken',
        'next-poll-interval-in-seconds': 'NextPollIntervalInSeconds',
        'content-type': 'ContentType',
        'version-label': 'VersionLabel',
      },
      payload: 'Configuration',
    },
  },
  input: z.strictObject({ ConfigurationToken: z.string() }),
  run: ({ ConfigurationToken }, state: AppConfigState) => {
    const session = state.sessions.get(ConfigurationToken);
    if (session === undefined) throw badRequest('The configuration token is invalid or has expired');
    const { minimumPollSeconds = 0, polledAt = 0 } = session;
    if (Date.now() - polledAt < minimumPollSeconds * 1000) {
      throw badRequest('Request too early: the session set a minimum poll interval');
    }
    session.polledAt = Date.now();
    const version = currentVersion(session, state);
    const news = version === session.delivered ? undefined : version;
    session.delivered = version;
    return {
      NextPollConfigurationToken: issueToken(session, state),
      NextPollIntervalInSeconds: Math.max(POLL_AGAIN_SECONDS, minimumPollSeconds),
      ContentType: news?.contentType ?? 'application/octet-stream',
      VersionLabel: news?.label,
      Configuration: news?.content ?? new Uint8Array(),
    };
  },
});
