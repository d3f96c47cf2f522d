import { accept, refuse, unreachable, type Outcome, type Refusal } from '../errors';

/** What a person names to be repointed, as it is written on the command line. */
export type TargetRequest =
  | { readonly kind: 'ssm-parameter'; readonly name: string }
  | { readonly kind: 'dns-record'; readonly zone: string; readonly name: string }
  | { readonly kind: 'secret'; readonly name: string; readonly key: string | null }
  | {
      readonly kind: 'appconfig';
      readonly application: string;
      readonly environment: string;
      readonly profile: string;
      readonly key: string | null;
    };

export type RequestRefusal = Refusal<'not-a-target'>;
type Parse = (text: string) => Outcome<TargetRequest, RequestRefusal>;

export const parseSsmParameter: Parse = (text) =>
  /^[\w./-]+$/.test(text)
    ? accept({ kind: 'ssm-parameter', name: text })
    : notA(text, 'the name of an SSM parameter', '/trading/db/host');

/** `NAME#key`, or `NAME` of a secret that is the text with the host itself. */
export const parseSecret: Parse = (text) => {
  const { name, key } = splitKey(text);
  return /^[\w/+=.@:-]+$/.test(name) && key !== ''
    ? accept({ kind: 'secret', name, key })
    : notA(text, 'a secret and a key of its JSON', 'prod/trading/db#host');
};

/** `ZONE/NAME`: the zone by its id or domain name. */
export const parseDnsRecord: Parse = (text) => {
  const [, zone, name] = /^([\w.-]+)\/([\w.*-]+)$/.exec(text) ?? [];
  return zone !== undefined && name !== undefined
    ? accept({ kind: 'dns-record', zone, name })
    : notA(text, 'a hosted zone and a record of it', 'example.internal/db.example.internal');
};

/** `APPLICATION/ENVIRONMENT/PROFILE#key`, each by name or id. */
export const parseAppConfig: Parse = (text) => {
  const { name, key } = splitKey(text);
  const [application = '', environment = '', profile = '', ...more] = name.split('/');
  return application !== '' && environment !== '' && profile !== '' && more.length === 0 && key !== ''
    ? accept({ kind: 'appconfig', application, environment, profile, key })
    : notA(text, 'an AppConfig configuration and a key of it', 'trading/prod/database#/database/host');
};

/** A key as steps into a document: a JSON pointer (RFC 6901) where it begins with a slash, else one name. */
export function pathOf(key: string | null): string[] {
  if (key === null) return [];
  if (!key.startsWith('/')) return [key];
  return key
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

interface TargetName {
  readonly kind: TargetRequest['kind'] | 'ssm-parameter-text';
  readonly name: string;
  readonly key?: string | null;
}

/** The same for the same target, whatever it holds: two zones may have a record of the same name. */
export function identityOf(target: TargetName & { readonly zoneId?: string }): string {
  return `${describeTarget(target)} ${target.zoneId ?? ''}`;
}

/** A target as a person reads it. */
export function describeTarget(target: TargetName): string {
  const within = target.key === undefined || target.key === null ? '' : `, ${target.key}`;
  switch (target.kind) {
    case 'ssm-parameter':
    case 'ssm-parameter-text':
      return `SSM parameter ${target.name}`;
    case 'dns-record':
      return `DNS record ${target.name}`;
    case 'secret':
      return `secret ${target.name}${within}`;
    case 'appconfig':
      return `AppConfig ${target.name}${within}`;
    default:
      return unreachable(target.kind);
  }
}

/**
 * A document that is named in two ways, such as a secret by its name and its ARN, would be written
 * twice, of which the second one finds it changed. `id` is AWS's own.
 */
export function checkNamedOnce(
  documents: readonly { readonly id: string; readonly name: string }[],
): Outcome<undefined, Refusal<'named-twice'>> {
  const names = new Map<string, string>();
  for (const { id, name } of documents) {
    const known = names.get(id) ?? name;
    if (known !== name) {
      return refuse({
        reason: 'named-twice',
        message: `'${known}' and '${name}' are the same`,
        hint: `name it '${known}' each time; an earlier plan's targets stay in`,
      });
    }
    names.set(id, name);
  }
  return accept(undefined);
}

/** The key follows the first `#`, so that it may hold one itself. */
function splitKey(text: string): { name: string; key: string | null } {
  const at = text.indexOf('#');
  return at < 0 ? { name: text, key: null } : { name: text.slice(0, at), key: text.slice(at + 1) };
}

function notA(text: string, expected: string, example: string): Outcome<never, RequestRefusal> {
  return refuse({
    reason: 'not-a-target',
    message: `'${text}' is not ${expected}`,
    hint: `write it like ${example}`,
  });
}
