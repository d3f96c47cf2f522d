import type { RepointPlan } from '../../lib/artefacts/repoint-plan';
import { Configurations } from '../../lib/cutover/appconfig';
import { formatOf } from '../../lib/cutover/document-stores';
import type { FoundTarget } from '../../lib/cutover/plan-repoint';
import { HostedZones } from '../../lib/cutover/route53';
import { Secrets } from '../../lib/cutover/secrets-manager';
import { ParameterStore } from '../../lib/cutover/ssm';
import { checkNamedOnce, identityOf, type TargetRequest } from '../../lib/cutover/targets';
import { unreachable, valueOf } from '../../lib/errors';

type Target = RepointPlan['targets'][number];

/** What was asked for and what an earlier plan repointed. */
export function requestsOf(
  previous: RepointPlan | undefined,
  asked: readonly TargetRequest[],
): TargetRequest[] {
  return [...(previous?.targets.map(requestOf) ?? []), ...asked];
}

function requestOf(target: Target): TargetRequest {
  switch (target.kind) {
    case 'ssm-parameter':
    case 'ssm-parameter-text':
      return { kind: 'ssm-parameter', name: target.name };
    case 'dns-record':
      return { kind: 'dns-record', zone: target.zoneId, name: target.name };
    case 'secret':
      return { kind: 'secret', name: target.name, key: target.key };
    case 'appconfig': {
      const [application = '', environment = '', profile = ''] = target.name.split('/');
      return { kind: 'appconfig', application, environment, profile, key: target.key };
    }
    default:
      return unreachable(target);
  }
}

function nameOf(request: TargetRequest & { kind: 'appconfig' }): string {
  return `${request.application}/${request.environment}/${request.profile}`;
}

/** Reads each target where it lies; one that is named twice, such as by its zone's id and domain, once. */
export async function fetchTargets(
  requests: readonly TargetRequest[],
  deploymentStrategy: string,
): Promise<FoundTarget[]> {
  const parameters = new ParameterStore();
  const secrets = new Secrets();
  const zones = new HostedZones();
  const configurations = new Configurations();
  const documents: { id: string; name: string }[] = [];
  const fetch = async (request: TargetRequest): Promise<FoundTarget> => {
    switch (request.kind) {
      case 'ssm-parameter': {
        const { type, value, version } = valueOf(await parameters.fetch(request.name));
        return { ...request, type, document: { text: value, format: 'text', version: String(version) } };
      }
      case 'secret': {
        const { text, versionId, arn } = valueOf(await secrets.fetch(request.name));
        documents.push({ id: arn, name: request.name });
        return { ...request, document: { text, format: 'json', version: versionId } };
      }
      case 'dns-record': {
        const { zoneId, name, ttlSeconds, target } = valueOf(
          await zones.fetchCname(request.zone, request.name),
        );
        const document = { text: target, format: 'text', version: target } as const;
        return { kind: request.kind, name, zoneId, ttlSeconds, document };
      }
      case 'appconfig': {
        const { kind, application, environment, profile, key } = request;
        const place = valueOf(await configurations.findPlace(application, environment, profile));
        const { text, contentType, version } = valueOf(await configurations.fetchDeployed(place));
        const document = { text, format: formatOf(contentType), version: String(version) };
        documents.push({ id: Object.values(place).join('/'), name: nameOf(request) });
        return { kind, key, name: nameOf(request), ...place, deploymentStrategy, document };
      }
      default:
        return unreachable(request);
    }
  };
  const found = await Promise.all(requests.map(fetch));
  valueOf(checkNamedOnce(documents));
  return [...new Map(found.map((target) => [identityOf(target), target])).values()];
}
