import { randomUUID } from 'node:crypto';
import { findBound, readInput, splitAnswer } from './http-binding';
import type { HttpRequest, HttpResponse } from './http-server';
import {
  JSON_CONTENT_TYPE,
  parseJsonInput,
  parseJsonMembers,
  renderJsonError,
  renderJsonResult,
} from './json';
import { AwsError, notImplemented, type Caller } from './operation';
import { parseQueryForm, renderQueryError, renderQueryResult } from './query';
import { parseXmlInput, renderXmlError, renderXmlResult } from './rest-xml';
import type { Service } from './service';
import { parseCredentialScope, type CredentialScope } from './signature';

export interface DispatchedResponse extends HttpResponse {
  /** What was called and how it ended, for a log. */
  readonly summary: string;
}

/** What is about to be done, for whoever may forbid it. */
export interface RequestedCall {
  /** As signatures name it, such as `rds`. */
  readonly service: string;
  readonly operation: string;
  /** As sent: not checked, all values of forms and XML are text. */
  readonly input: unknown;
  readonly caller: Caller;
  readonly protocol: Service['wire']['protocol'];
}

export interface DispatchOptions {
  readonly services: readonly Service[];
  readonly region: string;
  /** Told of what the sandbox itself did wrong. */
  readonly onBug: (error: unknown) => void;
  /** @throws AwsError for what the caller may not do */
  readonly authorize?: (call: RequestedCall) => void;
}

/** How the answer to one request is written: found first, so that every error has the caller's format. */
interface Call {
  /** As `rds DescribeDBClusters`. */
  readonly name: string;
  readonly service: Service | undefined;
  readonly operationName: string;
  readInput(): unknown;
  renderResult(result: object): Omit<HttpResponse, 'status'> & { readonly status?: number };
  renderError(error: AwsError, requestId: string): string;
  readonly contentType: string;
}

/** Answers one signed request to any of the services. */
export async function dispatch(request: HttpRequest, options: DispatchOptions): Promise<DispatchedResponse> {
  const requestId = randomUUID();
  const call = findCall(request, options.services, requestId);
  const common = { 'content-type': call.contentType, 'x-amzn-requestid': requestId };
  try {
    const caller = identify(request, call, options.region);
    if (call.service === undefined) throw notImplemented(`the service of ${call.name}`);
    const input = call.readInput();
    options.authorize?.({
      service: call.service.name,
      operation: call.operationName,
      input,
      caller,
      protocol: call.service.wire.protocol,
    });
    const answer = call.renderResult(await call.service.invoke(call.operationName, input, caller));
    const status = answer.status ?? 200;
    return {
      ...answer,
      status,
      headers: { ...common, ...answer.headers },
      summary: `${call.name} ${status}`,
    };
  } catch (thrown) {
    const error = thrown instanceof AwsError ? thrown : internalFailure(thrown, options);
    return {
      status: error.status,
      headers: { ...common, 'x-amzn-errortype': error.code },
      body: bodiless(request, error) ? '' : call.renderError(error, requestId),
      summary: `${call.name} ${error.code} ${error.status}`,
    };
  }
}

function bodiless({ method }: HttpRequest, { status }: AwsError): boolean {
  return method === 'HEAD' || status === 304;
}

function findCall(request: HttpRequest, services: readonly Service[], requestId: string): Call {
  const target = request.headers['x-amz-target'];
  if (target !== undefined) return findJsonCall(target, request, services);
  const scope = scopeOf(request);
  const rest = services.find(({ name, bound }) => name === scope?.service && bound.length > 0);
  return rest === undefined ? findQueryCall(request, services, requestId) : findRestCall(request, rest);
}

function findJsonCall(target: string, request: HttpRequest, services: readonly Service[]): Call {
  const [prefix, operationName = ''] = target.split('.');
  const service = services.find(({ wire }) => wire.protocol === 'json' && wire.targetPrefix === prefix);
  return {
    name: service === undefined ? target : `${service.name} ${operationName}`,
    service,
    operationName,
    contentType: JSON_CONTENT_TYPE,
    readInput: () => parseJsonInput(request.body),
    renderResult: (result) => ({ headers: {}, body: renderJsonResult(result) }),
    renderError: renderJsonError,
  };
}

function findQueryCall(request: HttpRequest, services: readonly Service[], requestId: string): Call {
  const text = request.method === 'GET' ? request.url.search.slice(1) : request.body.toString('utf8');
  const form = parseQueryForm(text);
  const service = services.find(({ wire }) => wire.protocol === 'query' && wire.version === form?.version);
  const wire = service?.wire.protocol === 'query' ? service.wire : { xmlNamespace: '', listItems: {} };
  const operationName = form?.action ?? '';
  return {
    name:
      form === undefined
        ? `${request.method} ${request.url.pathname}`
        : `${service?.name ?? `version ${form.version}`} ${operationName}`,
    service,
    operationName,
    contentType: 'text/xml',
    readInput: () => form?.input,
    renderResult: (result) => ({
      headers: {},
      body: renderQueryResult(operationName, result, wire, requestId),
    }),
    renderError: (error) => renderQueryError(error, wire.xmlNamespace, requestId),
  };
}

function findRestCall(request: HttpRequest, service: Service): Call {
  const found = findBound(request, service.bound);
  const operationName = found?.name ?? `${request.method} ${request.url.pathname}`;
  const wire = service.wire.protocol === 'rest-xml' ? service.wire : undefined;
  return {
    name: `${service.name} ${operationName}`,
    service,
    operationName,
    contentType: wire === undefined ? 'application/json' : 'application/xml',
    readInput: () =>
      found === undefined
        ? {}
        : readInput(request, found.http, wire === undefined ? parseJsonMembers : parseXmlInput),
    renderResult: (result) => {
      const { status, headers, payload, members } = splitAnswer(result, found?.http.answer);
      if (payload !== undefined) return { status, headers, body: payload };
      if (status === 204 || request.method === 'HEAD' || Object.keys(members).length === 0) {
        return { status, headers, body: wire === undefined && status !== 204 ? '{}' : '' };
      }
      const body =
        wire === undefined ? JSON.stringify(members) : renderXmlResult(operationName, members, wire);
      return { status, headers, body };
    },
    renderError: (error, requestId) =>
      wire === undefined
        ? JSON.stringify({ Message: error.message, ...error.members })
        : renderXmlError(error, wire, requestId),
  };
}

/** Who calls. STS, IAM and Route 53 are signed for their home region whatever region the caller works in. */
function identify(request: HttpRequest, call: Call, region: string): Caller {
  if (UNSIGNED.includes(call.name)) return { accessKeyId: '' };
  const scope = parseScope(request);
  if (call.service !== undefined && !GLOBAL.includes(scope.service) && scope.region !== region) {
    throw new AwsError(
      'SignatureDoesNotMatch',
      `Credential should be scoped to a valid region, not '${scope.region}': this sandbox stands for ${region}`,
      403,
    );
  }
  return { accessKeyId: scope.accessKeyId };
}

const GLOBAL: readonly string[] = ['sts', 'iam', 'route53'];
/** Called by those who have no credentials yet. */
const UNSIGNED: readonly string[] = ['sts AssumeRoleWithWebIdentity'];

function parseScope({ method, url, headers, body }: HttpRequest): CredentialScope {
  const inUrl = method !== 'POST' || url.searchParams.has('X-Amz-Signature');
  return parseCredentialScope(
    headers['authorization'],
    inUrl ? url.searchParams : new URLSearchParams(body.toString('utf8')),
  );
}

function scopeOf(request: HttpRequest): CredentialScope | undefined {
  try {
    return parseScope(request);
  } catch {
    return undefined;
  }
}

function internalFailure(error: unknown, { onBug }: DispatchOptions): AwsError {
  onBug(error);
  const message = error instanceof Error ? error.message : String(error);
  return new AwsError('InternalFailure', `the sandbox failed: ${message}`, 500);
}
