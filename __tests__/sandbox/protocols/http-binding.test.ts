import { findBound, readInput, splitAnswer } from '../../../sandbox/protocols/http-binding';
import type { HttpRequest } from '../../../sandbox/protocols/http-server';

const OPERATIONS = [
  { name: 'ListBuckets', http: { method: 'GET', path: '/' } },
  { name: 'ListObjects', http: { method: 'GET', path: '/{Bucket}', when: { 'list-type': '2' } } },
  { name: 'GetVersioning', http: { method: 'GET', path: '/{Bucket}', when: { versioning: '' } } },
  { name: 'GetObject', http: { method: 'GET', path: '/{Bucket}/{Key+}' } },
  { name: 'GetThing', http: { method: 'GET', path: '/2013/thing/{Id}/part' } },
] as const;

const request = (path: string, headers: Record<string, string> = {}, body = ''): HttpRequest => ({
  method: 'GET',
  url: new URL(path, 'http://127.0.0.1'),
  headers,
  body: Buffer.from(body),
});

test.each([
  ['/', 'ListBuckets'],
  ['/states?list-type=2&prefix=a', 'ListObjects'],
  ['/states/?list-type=2', 'ListObjects'],
  ['/states?versioning', 'GetVersioning'],
  ['/states?policy', undefined],
  ['/states/a/b.tfstate', 'GetObject'],
])('%s is %s', (path, name) => {
  expect(findBound(request(path), OPERATIONS)?.name).toBe(name);
});

const json = (body: Buffer): Record<string, unknown> =>
  JSON.parse(body.toString()) as Record<string, unknown>;

test('an input is put together from path, query, headers and body', () => {
  const http = {
    method: 'GET',
    path: '/a/{Id}/{Key+}',
    query: { max_results: 'MaxResults' },
    headers: { 'if-match': 'IfMatch' },
  } as const;
  const sent = request(
    '/a/x%2Fy/k/1%202?max_results=5&x-id=Get',
    { 'if-match': '"e"', host: 'h' },
    '{"Name":"n"}',
  );
  expect(readInput(sent, http, json)).toEqual({
    Id: 'x/y',
    Key: 'k/1 2',
    MaxResults: '5',
    IfMatch: '"e"',
    Name: 'n',
  });
});

test('what is not known is kept, to be refused; what every SDK sends is not', () => {
  const headers = {
    'x-amz-tagging': 'a=b',
    'x-amz-date': 'd',
    'x-amz-checksum-crc64nvme': 'c',
    accept: '*/*',
  };
  const sent = request('/a?acl=&X-Amz-Signature=s', headers, '{}');
  expect(readInput(sent, { method: 'GET', path: '/a' }, json)).toEqual({ acl: '', 'x-amz-tagging': 'a=b' });
});

test('an answer is taken apart into headers, payload and the rest', () => {
  const at = new Date(0);
  const payload = Buffer.from('x');
  expect(
    splitAnswer(
      { Version: 3, At: at, Content: payload, Absent: undefined, Rest: 1 },
      { status: 201, headers: { version: 'Version', at: 'At', absent: 'Absent' }, payload: 'Content' },
    ),
  ).toMatchObject({
    status: 201,
    headers: { version: '3', at: 'Thu, 01 Jan 1970 00:00:00 GMT' },
    payload,
    members: { Rest: 1 },
  });
});
