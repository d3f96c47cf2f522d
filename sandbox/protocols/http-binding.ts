import type { HttpRequest } from './http-server';

/** Where the members of an operation's input and output stand in HTTP, for services with a REST protocol. */
export interface HttpBinding {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  /** Such as `/applications/{ApplicationId}`; `{Key+}` takes what is left of the path, slashes and all. */
  readonly path: string;
  /** Query parameters that tell this operation from others of the same path, such as `list-type=2`. */
  readonly when?: Readonly<Record<string, string>>;
  /** Members by their query parameter. */
  readonly query?: Readonly<Record<string, string>>;
  /** Members by their header, in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The member that is the whole body, as bytes; otherwise the body holds members by name. */
  readonly payload?: string;
  readonly answer?: AnswerBinding;
}

export interface AnswerBinding {
  /** 200 unless given. */
  readonly status?: number;
  /** Members by their header. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The member that is the whole body, as bytes. */
  readonly payload?: string;
}

export interface BoundOperation {
  readonly name: string;
  readonly http: HttpBinding;
}

/** The operation that a request calls: of those that fit the one with the most to tell it by. */
export function findBound(
  { method, url }: HttpRequest,
  operations: readonly BoundOperation[],
): BoundOperation | undefined {
  return operations
    .filter(({ http }) => http.method === method && labelsOf(url.pathname, http.path) !== undefined)
    .filter(({ http }) =>
      Object.entries(http.when ?? {}).every(([name, value]) => url.searchParams.get(name) === value),
    )
    .sort((a, b) => Object.keys(b.http.when ?? {}).length - Object.keys(a.http.when ?? {}).length)[0];
}

/**
 * The members of a request's input. Query parameters and `x-amz-` headers that the binding does not
 * know are kept under their own name, so that the operation's schema refuses them.
 * @param parseBody how the service writes members in a body
 */
export function readInput(
  request: HttpRequest,
  http: HttpBinding,
  parseBody: (body: Buffer) => Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const fromBody = http.payload === undefined ? parseBody(request.body) : { [http.payload]: request.body };
  const input: Record<string, unknown> = { ...fromBody, ...labelsOf(request.url.pathname, http.path) };
  for (const [name, value] of request.url.searchParams) {
    if (http.when?.[name] === value || SIGNING.test(name) || name === 'x-id') continue;
    input[http.query?.[name] ?? name] = value;
  }
  for (const [name, value] of Object.entries(request.headers)) {
    const member = http.headers?.[name] ?? (UNKNOWN_MATTERS.test(name) ? name : undefined);
    if (member !== undefined && value !== undefined) input[member] = value;
  }
  return input;
}

const SIGNING = /^X-Amz-(Algorithm|Credential|Date|Expires|SignedHeaders|Signature|Security-Token)$/;
/** Not what every SDK sends whatever it calls: signatures, checksums of bodies, tracing. */
const UNKNOWN_MATTERS =
  /^x-amz-(?!date$|content-sha256$|security-token$|user-agent$|sdk-|checksum-|trailer$|decoded-content-length$|te$)/;

function labelsOf(pathname: string, template: string): Record<string, string> | undefined {
  if (template === '/') return pathname === '/' ? {} : undefined;
  const parts = template.split('/').slice(1);
  const given = pathname.split('/').slice(1);
  const labels: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const label = /^\{(\w+)(\+?)\}$/.exec(part);
    const value = label?.[2] === '+' ? given.splice(index).join('/') : given[index];
    if (value === undefined || value === '') return undefined;
    if (label?.[1] === undefined) {
      if (value !== part) return undefined;
    } else {
      labels[label[1]] = decodeURIComponent(value);
      if (label[2] === '+') return labels;
    }
  }
  // a slash at the end changes nothing
  return given.slice(parts.length).join('') === '' ? labels : undefined;
}

export interface AnswerParts {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly payload: Uint8Array | undefined;
  /** What is left for the body. */
  readonly members: object;
}

/** Takes the members apart that an answer's headers and payload hold. */
export function splitAnswer(result: object, answer: AnswerBinding = {}): AnswerParts {
  const members: Record<string, unknown> = { ...result };
  const headers: Record<string, string> = {};
  for (const [header, member] of Object.entries(answer.headers ?? {})) {
    const value = members[member];
    if (value !== undefined) {
      headers[header] = headerText(value);
    }
    Reflect.deleteProperty(members, member);
  }
  const payload = answer.payload === undefined ? undefined : (members[answer.payload] as Uint8Array);
  return { status: answer.status ?? 200, headers, payload, members };
}

function headerText(value: unknown): string {
  if (value instanceof Date) return value.toUTCString();
  return typeof value === 'string' ? value : JSON.stringify(value);
}
