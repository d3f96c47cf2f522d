import type { HttpRequest, HttpResponse } from './protocols/http-server';

/** Given what follows the route's name in the path, and the JSON of the body, if any. */
export type RouteHandler = (rest: string, body: unknown) => Promise<object> | object;

const PREFIX = '/_sandbox/';

/** What the sandbox offers beside AWS's own operations, under `/_sandbox/`: JSON, not signed. */
export class ControlRoutes {
  private readonly routes = new Map<string, RouteHandler>();

  static owns({ url }: HttpRequest): boolean {
    return url.pathname.startsWith(PREFIX) || url.pathname === PREFIX.slice(0, -1);
  }

  /** Registers `GET` or `POST /_sandbox/<name>`; the handler is given what follows the name and its slash. */
  add(method: 'GET' | 'POST', name: string, handler: RouteHandler): void {
    const key = `${method} ${name}`;
    if (this.routes.has(key)) throw new Error(`the control route ${key} is there already`);
    this.routes.set(key, handler);
  }

  async answer({ method, url, body }: HttpRequest): Promise<HttpResponse> {
    const [name = '', ...rest] = url.pathname.slice(PREFIX.length).split('/');
    const handler = this.routes.get(`${method} ${name}`);
    if (handler === undefined) {
      return json(404, { error: `no control route ${method} ${url.pathname}`, routes: this.list() });
    }
    try {
      const given = body.length === 0 ? undefined : (JSON.parse(body.toString('utf8')) as unknown);
      return json(200, await handler(decodeURIComponent(rest.join('/')), given));
    } catch (error) {
      return json(400, { error: error instanceof Error ? error.message : String(error) });
    }
  }

  private list(): string[] {
    return [...this.routes.keys()].map((key) => key.replace(' ', ` ${PREFIX}`)).sort();
  }
}

function json(status: number, body: object): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(body)}\n` };
}
