import type { RequestedCall } from '../../protocols/dispatch';
import { AwsError } from '../../protocols/operation';
import {
  APPCONFIG_ACTIONS,
  IAM_ACTIONS,
  LOGS_ACTIONS,
  ROUTE53_ACTIONS,
  S3_ACTIONS,
  SECRETS_ACTIONS,
  SSM_ACTIONS,
  STS_ACTIONS,
} from './actions/configuration-actions';
import { RDS_ACTIONS } from './actions/rds-actions';
import { requestTags, text, type ActionRule, type ActionTable, type Input } from './actions/resources';
import type { Context } from './conditions';
import { evaluatePolicies } from './evaluate-policies';
import type { IamState, Principal } from './iam-state';

const TABLES: Readonly<Record<string, ActionTable>> = {
  rds: RDS_ACTIONS,
  ssm: SSM_ACTIONS,
  secretsmanager: SECRETS_ACTIONS,
  route53: ROUTE53_ACTIONS,
  appconfig: APPCONFIG_ACTIONS,
  s3: S3_ACTIONS,
  sts: STS_ACTIONS,
  iam: IAM_ACTIONS,
  logs: LOGS_ACTIONS,
};

/** Tags of what an ARN names; undefined where it names nothing that is there. */
export type TagsOf = (arn: string) => ReadonlyMap<string, string> | undefined;

/** @throws AwsError as the service would answer a caller whose policies do not allow the call */
export function authorize(call: RequestedCall, state: IamState, tagsOf: TagsOf): void {
  // everybody may ask who they are, and become somebody by a token of an identity provider
  if (FREE.includes(`${call.service}:${call.operation}`)) return;
  const principal = state.principalOf(call.caller.accessKeyId);
  const { role } = principal;
  if (role === undefined) return;
  const input = (call.input ?? {}) as Input;
  const rule = TABLES[call.service]?.[call.operation] ?? {};
  const tags = requestTags(input);
  const resources = rule.resources?.(input, state) ?? [];
  const own = rule.context?.(input) ?? {};
  const before = rule.renamed?.(input, state)[0];
  const tagsNow = (arn: string): ReturnType<TagsOf> =>
    tagsOf(arn) ?? (before === undefined ? undefined : tagsOf(before));
  const policies = [...role.policies.values()];
  for (const { action, on, sent, keys } of [
    { action: `${call.service}:${rule.action ?? call.operation}`, on: resources, sent: tags, keys: own },
    ...taggings(call.service, rule, input, state, tags, tagsOf),
    ...passings(rule, input),
  ]) {
    for (const resource of on.length === 0 ? ['*'] : on) {
      const context = contextOf(call, principal, sent, tagsNow(resource), keys, state);
      const { decision } = evaluatePolicies(policies, action, resource, context);
      if (decision !== 'allowed') throw accessDenied(call, principal, action, resource, decision);
    }
  }
}

/** An action that is needed, on what, with which tags and condition keys. */
interface Need {
  readonly action: string;
  readonly on: readonly string[];
  readonly sent: ReadonlyMap<string, string>;
  readonly keys: Readonly<Record<string, readonly string[]>>;
}

function taggings(
  service: string,
  { tagging, tagged, resources, inherits }: ActionRule,
  input: Input,
  state: IamState,
  tags: ReadonlyMap<string, string>,
  tagsOf: TagsOf,
): Need[] {
  if (tagging === undefined) return [];
  const action = `${service}:${tagging}`;
  const [from = ''] = resources?.(input, state) ?? [];
  const inherited = tagsOf(from) ?? new Map<string, string>();
  const heirs = inherited.size === 0 ? [] : (inherits?.(input, state) ?? []);
  return [
    ...(tags.size === 0
      ? []
      : [{ action, on: (tagged ?? resources)?.(input, state) ?? [], sent: tags, keys: {} }]),
    ...heirs.map((arn) => ({ action, on: [arn], sent: inherited, keys: {} })),
  ];
}

function passings({ passes = {} }: ActionRule, input: Input): Need[] {
  return Object.entries(passes).flatMap(([member, service]) => {
    const role = text(input, member);
    if (role === undefined) return [];
    return [
      { action: 'iam:PassRole', on: [role], sent: new Map(), keys: { 'iam:PassedToService': [service] } },
    ];
  });
}

const FREE: readonly string[] = ['sts:GetCallerIdentity', 'sts:AssumeRoleWithWebIdentity'];

function contextOf(
  { service }: RequestedCall,
  principal: Principal,
  tags: ReadonlyMap<string, string>,
  resourceTags: ReadonlyMap<string, string> | undefined,
  own: Readonly<Record<string, readonly string[]>>,
  { accountId, region }: IamState,
): Context {
  const entries: [string, readonly string[]][] = [
    ['aws:PrincipalArn', [principal.role?.arn ?? principal.arn]],
    ['aws:PrincipalAccount', [accountId]],
    ['aws:userid', [principal.userId]],
    // as AWS sees those services that are called at their home region
    ['aws:RequestedRegion', [['iam', 'route53'].includes(service) ? 'us-east-1' : region]],
    ['aws:SecureTransport', ['true']],
    ...Object.entries(own),
  ];
  if (tags.size > 0) entries.push(['aws:TagKeys', [...tags.keys()]]);
  for (const [key, value] of tags) {
    entries.push([`aws:RequestTag/${key}`, [value]], [`rds:req-tag/${key}`, [value]]);
  }
  for (const [key, value] of resourceTags ?? []) {
    const names = [
      'aws:ResourceTag',
      'rds:cluster-tag',
      'rds:db-tag',
      'ssm:resourceTag',
      'secretsmanager:ResourceTag',
    ];
    entries.push(...names.map((name): [string, string[]] => [`${name}/${key}`, [value]]));
  }
  return new Map(entries.map(([key, value]) => [key.toLowerCase(), value]));
}

/** How each protocol names a refusal. Source: Service Authorization Reference, and each API's common errors. */
const CODES = {
  query: ['AccessDenied', 403],
  json: ['AccessDeniedException', 400],
  'rest-json': ['AccessDeniedException', 403],
  'rest-xml': ['AccessDenied', 403],
} as const;

function accessDenied(
  { protocol }: RequestedCall,
  { arn }: Principal,
  action: string,
  resource: string,
  decision: 'explicitDeny' | 'implicitDeny',
): AwsError {
  const [code, status] = CODES[protocol];
  const on = resource === '*' ? '' : ` on resource: ${resource}`;
  const why =
    decision === 'explicitDeny'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`;
  return new AwsError(code, `User: ${arn} is not authorized to perform: ${action}${on} ${why}`, status);
}
