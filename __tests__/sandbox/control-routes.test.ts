import { ControlRoutes } from '../../sandbox/control-routes';
import type { HttpResponse } from '../../sandbox/protocols/http-server';

const routes = new ControlRoutes();
routes.add('GET', 'truth', () => ({ truth: 1 }));
routes.add('POST', 'incidents', (rest) => {
  if (rest === 'broken') throw new Error('no such incident');
  return { played: rest };
});

const ask = (method: string, path: string): Promise<HttpResponse> =>
  routes.answer({ method, url: new URL(path, 'http://127.0.0.1'), headers: {}, body: Buffer.alloc(0) });

test.each([
  ['GET', '/_sandbox/truth', 200, { truth: 1 }],
  ['POST', '/_sandbox/incidents/a%20b/c', 200, { played: 'a b/c' }],
  ['POST', '/_sandbox/incidents/broken', 400, { error: 'no such incident' }],
  [
    'GET',
    '/_sandbox/incidents',
    404,
    {
      error: 'no control route GET /_sandbox/incidents',
      routes: ['GET /_sandbox/truth', 'POST /_sandbox/incidents'],
    },
  ],
])('%s %s is answered with %d', async (method, path, status, body) => {
  const answer = await ask(method, path);
  expect(answer.status).toBe(status);
  expect(JSON.parse(String(answer.body))).toEqual(body);
});

test('a route is registered once', () => {
  expect(() => {
    routes.add('GET', 'truth', () => ({}));
  }).toThrow('there already');
});

test.each([
  ['/_sandbox', true],
  ['/_sandbox/x', true],
  ['/', false],
  ['/_sandboxes', false],
])('%s is a control route: %s', (path, owned) => {
  const request = {
    method: 'GET',
    url: new URL(path, 'http://127.0.0.1'),
    headers: {},
    body: Buffer.alloc(0),
  };
  expect(ControlRoutes.owns(request)).toBe(owned);
});
