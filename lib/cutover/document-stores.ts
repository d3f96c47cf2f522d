import { accept, unreachable, type Outcome } from '../errors';
import type { Configurations, ConfigurationPlace } from './appconfig';
import type { JournalTarget } from './journal-targets';
import type { DocumentStore } from './run-journal';
import type { Secrets } from './secrets-manager';
import type { ParameterStore } from './ssm';
import type { Format } from './value-in-document';

export interface Gateways {
  readonly parameters: ParameterStore;
  readonly secrets: Secrets;
  readonly configurations: Configurations;
  readonly signal: AbortSignal;
}

/** Each kind of target as a document that can be read and written. */
export function openDocument(target: JournalTarget, gateways: Gateways): DocumentStore {
  switch (target.kind) {
    case 'ssm-parameter-text':
      return {
        fetch: async () =>
          mapped(await gateways.parameters.fetch(target.name), ({ value, version }) => ({
            text: value,
            format: 'text',
            version: String(version),
          })),
        put: async (text) => accept(String(await gateways.parameters.put(target.name, text))),
      };
    case 'secret':
      return {
        fetch: async () =>
          mapped(await gateways.secrets.fetch(target.name), ({ text, versionId }) => ({
            text,
            format: 'json',
            version: versionId,
          })),
        put: (text, token) => gateways.secrets.put(target.name, text, token),
      };
    case 'appconfig':
      return openConfiguration(target, target.deploymentStrategy, gateways);
    default:
      return unreachable(target);
  }
}

function openConfiguration(
  place: ConfigurationPlace,
  strategy: string,
  { configurations, signal }: Gateways,
): DocumentStore {
  const fetch: DocumentStore['fetch'] = async () => {
    const deployed = await configurations.fetchDeployed(place);
    if (!deployed.ok) return deployed;
    const { text, contentType, version, unfinishedDeployment } = deployed.value;
    if (unfinishedDeployment !== null) {
      const ended = await configurations.waitFor(place, unfinishedDeployment, signal);
      // clients have the version from before it again
      if (ended === 'taken-back') return fetch();
    }
    return accept({ text, format: formatOf(contentType), version: String(version) });
  };
  return {
    fetch,
    put: async (text) => {
      const deployed = await configurations.fetchDeployed(place);
      if (!deployed.ok) return deployed;
      const { contentType, unfinishedDeployment } = deployed.value;
      if (unfinishedDeployment !== null && (await configurations.isOurs(place, unfinishedDeployment))) {
        // AppConfig begins no other while it watches alarms for this one
        await configurations.takeBack(place, unfinishedDeployment, signal);
        const before = await configurations.fetchDeployed(place);
        if (before.ok && before.value.text === text) return accept(String(before.value.version));
      }
      return mapped(await configurations.deploy(place, { text, contentType }, strategy, signal), String);
    },
  };
}

/** How AppConfig's content types are read. */
export function formatOf(contentType: string): Format {
  const [type = ''] = contentType.split(';');
  if (/\bjson$/i.test(type.trim())) return 'json';
  return /\bx?-?yaml$/i.test(type.trim()) ? 'yaml' : 'text';
}

function mapped<T, U>(outcome: Outcome<T>, map: (value: T) => U): Outcome<U> {
  return outcome.ok ? accept(map(outcome.value)) : outcome;
}
