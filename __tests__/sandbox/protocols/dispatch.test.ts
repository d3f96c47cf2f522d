import { z } from 'zod';
import { dispatch, type DispatchedResponse } from '../../../sandbox/protocols/dispatch';
import { operation } from '../../../sandbox/protocols/operation';
import { service } from '../../../sandbox/protocols/service';

const echo = operation({
  name: 'Echo',
  input: z.strictObject({ Word: z.string(), Deep: z.strictObject({ A: z.string() }).optional() }),
  run: ({ Word }, state: { count: number }) => {
    if (Word === 'bug') throw new TypeError('broken');
    state.count += 1;
    return { Word, Count: state.count };
  },
});
const state = { count: 0 };
const invalidInput = { missing: 'Missing', invalid: 'Invalid' };
const services = [
  service({
    name: 'rds',
    wire: { protocol: 'query', version: '2014-10-31', xmlNamespace: 'http://rds/', listItems: {} },
    invalidInput,
    operations: [echo],
    state,
  }),
  service({
    name: 'ssm',
    wire: { protocol: 'json', targetPrefix: 'AmazonSSM' },
    invalidInput,
    operations: [echo],
    state,
  }),
];
const bugs: unknown[] = [];

function authorization(region = 'us-east-2', name = 'rds'): string {
  return `AWS4-HMAC-SHA256 Credential=AKID/20260102/${region}/${name}/aws4_request, SignedHeaders=host, Signature=0`;
}

function send(body: string, headers: Record<string, string> = {}, query = ''): Promise<DispatchedResponse> {
  return dispatch(
    {
      method: 'POST',
      url: new URL(`http://127.0.0.1/${query}`),
      headers: { authorization: authorization(), ...headers },
      body: Buffer.from(body),
    },
    { services, region: 'us-east-2', onBug: (error) => bugs.push(error) },
  );
}

const query = 'Version=2014-10-31&Action=';
const target = (name: string): Record<string, string> => ({ 'x-amz-target': name });

test('a Query request is answered as XML with a request id', async () => {
  const answer = await send(`${query}Echo&Word=hi`);
  expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'text/xml' } });
  expect(answer.body).toContain('<EchoResult><Word>hi</Word>');
  expect(answer.body).toContain(`<RequestId>${answer.headers['x-amzn-requestid'] ?? ''}</RequestId>`);
});

test('a JSON request is answered as JSON', async () => {
  const answer = await send('{"Word":"hi"}', target('AmazonSSM.Echo'));
  expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' } });
  expect(JSON.parse(String(answer.body))).toMatchObject({ Word: 'hi' });
});

test.each([
  ['an operation of Query', `${query}CreateMoon`, {}, 'rds CreateMoon'],
  ['an operation of JSON', '{}', target('AmazonSSM.GetMoon'), 'ssm GetMoon'],
  ['a Query service', 'Version=2010-05-08&Action=GetUser', {}, 'version 2010-05-08 GetUser'],
  ['a JSON service', '{}', target('Firehose.Put'), 'Firehose.Put'],
  ['any other protocol', '', {}, 'POST /'],
  ['a parameter', `${query}Echo&Word=a&Louder=true`, {}, 'the parameter Louder of rds Echo'],
  ['a nested parameter', `${query}Echo&Word=a&Deep.B=1`, {}, 'the parameter Deep.B of rds Echo'],
])('%s that the sandbox lacks is named', async (_what, body, headers, named) => {
  const answer = await send(body, headers);
  expect(answer).toMatchObject({ status: 501, headers: { 'x-amzn-errortype': 'NotImplemented' } });
  expect(answer.body).toContain(named);
});

test.each([
  ['missing', `${query}Echo`, 'Missing', 'must contain the parameter Word'],
  ['of another shape', `${query}Echo&Word.X=1`, 'Invalid', 'for the parameter Word'],
])('a parameter that is %s is refused with the code of the service', async (_what, body, code, message) => {
  const answer = await send(body);
  expect(answer).toMatchObject({ status: 400, headers: { 'x-amzn-errortype': code } });
  expect(answer.body).toContain(message);
});

test.each([
  ['is not signed', { authorization: undefined }, 'MissingAuthenticationToken'],
  ['is signed otherwise', { authorization: 'Basic YTpi' }, 'IncompleteSignature'],
  ['is signed for another region', { authorization: authorization('eu-west-1') }, 'SignatureDoesNotMatch'],
])('a request that %s is refused, and nothing happens', async (_what, headers, code) => {
  const before = state.count;
  const answer = await send(`${query}Echo&Word=hi`, headers as unknown as Record<string, string>);
  expect(answer).toMatchObject({ status: 403, headers: { 'x-amzn-errortype': code } });
  expect(state.count).toBe(before);
});

test('a presigned request is signed', async () => {
  const answer = await dispatch(
    {
      method: 'GET',
      url: new URL(
        `http://127.0.0.1/?${query}Echo&Word=hi&X-Amz-Signature=0&X-Amz-Credential=AKID%2F20260102%2Fus-east-2%2Frds%2Faws4_request`,
      ),
      headers: {},
      body: Buffer.alloc(0),
    },
    { services, region: 'us-east-2', onBug: (error) => bugs.push(error) },
  );
  expect(answer.status).toBe(200);
});

test('a bug is an InternalFailure that the sandbox tells of', async () => {
  const answer = await send('{"Word":"bug"}', target('AmazonSSM.Echo'));
  expect(answer.status).toBe(500);
  expect(JSON.parse(String(answer.body))).toMatchObject({ __type: 'InternalFailure' });
  expect(bugs).toEqual([expect.any(TypeError)]);
});
