import { randomUUID } from 'node:crypto';
import type { HttpRequest, HttpResponse } from './http-server';
import { JSON_CONTENT_TYPE, parseJsonInput, renderJsonError, renderJsonResult } from './json';
import { AwsError, notImplemented } from './operation';
import { parseQueryForm, renderQueryError, renderQueryResult } from './query';
import type { Service } from './service';
import { parseCredentialScope } from './signature';

export interface DispatchedResponse extends HttpResponse {
  /** What was called and how it ended, for a log. */
  readonly summary: string;
}

export interface DispatchOptions {
  readonly services: readonly Service[];
  readonly region: string;
  /** Told of what the sandbox itself did wrong. */
  readonly onBug: (error: unknown) => void;
}

/** How the answer to one request is written: found first, so that every error has the caller's format. */
interface Call {
  /** As `rds DescribeDBClusters`. */
  readonly name: string;
  readonly service: Service | undefined;
  run(): Promise<string>;
  renderError(error: AwsError, requestId: string): string;
  readonly contentType: string;
}

/** Answers one signed request to any of the services. */
export async function dispatch(request: HttpRequest, options: DispatchOptions): Promise<DispatchedResponse> {
  const requestId = randomUUID();
  const call = findCall(request, options.services, requestId);
  try {
    checkScope(request, call, options.region);
    const body = await call.run();
    return respond(200, body, {}, call.name);
  } catch (thrown) {
    const error = thrown instanceof AwsError ? thrown : internalFailure(thrown, options);
    const body = call.renderError(error, requestId);
    return respond(error.status, body, { 'x-amzn-errortype': error.code }, `${call.name} ${error.code}`);
  }

  function respond(
    status: number,
    body: string,
    headers: Record<string, string>,
    summary: string,
  ): DispatchedResponse {
    return {
      status,
      headers: { 'content-type': call.contentType, 'x-amzn-requestid': requestId, ...headers },
      body,
      summary: `${summary} ${status}`,
    };
  }
}

function findCall(request: HttpRequest, services: readonly Service[], requestId: string): Call {
  const target = request.headers['x-amz-target'];
  return target === undefined
    ? findQueryCall(request, services, requestId)
    : findJsonCall(target, request, services);
}

function findJsonCall(target: string, request: HttpRequest, services: readonly Service[]): Call {
  const [prefix, operationName = ''] = target.split('.');
  const service = services.find(({ wire }) => wire.protocol === 'json' && wire.targetPrefix === prefix);
  return {
    name: `${service?.name ?? prefix ?? ''} ${operationName}`,
    service,
    contentType: JSON_CONTENT_TYPE,
    run: async () => {
      if (service === undefined) throw notImplemented(`the service of ${target}`);
      return renderJsonResult(await service.invoke(operationName, parseJsonInput(request.body)));
    },
    renderError: renderJsonError,
  };
}

function findQueryCall(request: HttpRequest, services: readonly Service[], requestId: string): Call {
  const form = parseQueryForm(request.method === 'GET' ? request.url.search.slice(1) : request.body);
  const service = services.find(({ wire }) => wire.protocol === 'query' && wire.version === form?.version);
  const wire = service?.wire.protocol === 'query' ? service.wire : undefined;
  const name =
    form === undefined
      ? `${request.method} ${request.url.pathname}`
      : `${service?.name ?? `version ${form.version}`} ${form.action}`;
  return {
    name,
    service,
    contentType: 'text/xml',
    run: async () => {
      if (form === undefined || service === undefined || wire === undefined) {
        throw notImplemented(`the service of ${name}`);
      }
      return renderQueryResult(form.action, await service.invoke(form.action, form.input), wire, requestId);
    },
    renderError: (error) => renderQueryError(error, wire?.xmlNamespace ?? '', requestId),
  };
}

function checkScope(request: HttpRequest, call: Call, region: string): void {
  const presigned = request.method === 'GET' ? request.url.searchParams : new URLSearchParams(request.body);
  const scope = parseCredentialScope(request.headers['authorization'], presigned);
  // STS signs for its home region whatever region the caller works in
  if (call.service === undefined || scope.service === 'sts' || scope.region === region) return;
  throw new AwsError(
    'SignatureDoesNotMatch',
    `Credential should be scoped to a valid region, not '${scope.region}': this sandbox stands for ${region}`,
    403,
  );
}

function internalFailure(error: unknown, { onBug }: DispatchOptions): AwsError {
  onBug(error);
  const message = error instanceof Error ? error.message : String(error);
  return new AwsError('InternalFailure', `the sandbox failed: ${message}`, 500);
}
