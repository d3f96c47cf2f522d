import { randomInt, randomUUID } from 'node:crypto';
import type { AppConfigState } from './appconfig-state';
import type { HostedVersion, Session } from './model';

/** Tokens of a session that are valid side by side: a client may have to repeat a call. */
const TOKENS = 5;

export function newSession(place: Pick<Session, 'environment' | 'profile' | 'minimumPollSeconds'>): Session {
  return { ...place, slot: randomInt(100), tokens: [], delivered: undefined, polledAt: undefined };
}

export function issueToken(session: Session, state: AppConfigState): string {
  const token = Buffer.from(randomUUID()).toString('base64url');
  session.tokens.push(token);
  state.sessions.set(token, session);
  for (const old of session.tokens.splice(0, session.tokens.length - TOKENS)) state.sessions.delete(old);
  return token;
}

/** What the client gets at this instant: a deployment that is under way reaches a part of the clients only. */
export function currentVersion(
  { environment, profile, slot }: Session,
  state: AppConfigState,
): HostedVersion | undefined {
  return environment.deployments
    .toReversed()
    .filter((deployment) => deployment.profile === profile)
    .find((deployment) => slot < state.progress(deployment).percentage)?.version;
}
