import { AwsError } from '../../../sandbox/protocols/operation';
import { parseQueryForm, renderQueryError, renderQueryResult } from '../../../sandbox/protocols/query';

const form = (fields: string): unknown => parseQueryForm(`Action=Do&Version=1&${fields}`)?.input;

describe('parseQueryForm', () => {
  test.each([
    ['plain fields', 'A=1&B=two%20words', { A: '1', B: 'two words' }],
    ['a list named member', 'Logs.member.1=audit&Logs.member.2=error', { Logs: ['audit', 'error'] }],
    [
      'a list by its own item name',
      'VpcSecurityGroupIds.VpcSecurityGroupId.1=sg-1',
      { VpcSecurityGroupIds: ['sg-1'] },
    ],
    ['a list of structures', 'Tags.Tag.1.Key=a&Tags.Tag.1.Value=', { Tags: [{ Key: 'a', Value: '' }] }],
    ['a list inside a list', 'Filters.Filter.1.Values.Value.1=x', { Filters: [{ Values: ['x'] }] }],
    ['a list inside a structure', 'Config.Enable.member.1=audit', { Config: { Enable: ['audit'] } }],
    ['a flattened list', 'Names.1=a&Names.2=b', { Names: ['a', 'b'] }],
    ['items out of order', 'L.member.10=j&L.member.2=b', { L: ['b', 'j'] }],
    ['an empty list beside its items', 'Tags=&Tags.Tag.1.Key=a', { Tags: [{ Key: 'a' }] }],
    ['names that objects inherit', 'constructor.x=1', { constructor: { x: '1' } }],
  ])('reads %s', (_what, fields, expected) => {
    expect(form(fields)).toEqual(expected);
  });

  test('a body that is no such form is undefined', () => {
    expect(parseQueryForm('{"Action":"Do"}')).toBeUndefined();
    expect(parseQueryForm('Action=Do')).toBeUndefined();
  });

  test('a name of the prototype changes no other object', () => {
    form('__proto__.polluted=1');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

const wire = { xmlNamespace: 'http://x/', listItems: { Items: 'Item' } };

describe('renderQueryResult', () => {
  test('writes lists, times, empty values and escapes, and leaves out what is undefined', () => {
    const result = {
      Text: 'a & <b>',
      Missing: undefined,
      At: new Date('2026-01-02T03:04:05.006Z'),
      Off: false,
      Items: [{ N: 1 }, 'plain'],
      Nested: { Items: [] },
    };
    expect(renderQueryResult('Do', result, wire, 'id-1')).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<DoResponse xmlns="http://x/"><DoResult>' +
        '<Text>a &amp; &lt;b&gt;</Text><At>2026-01-02T03:04:05.006Z</At><Off>false</Off>' +
        '<Items><Item><N>1</N></Item><Item>plain</Item></Items><Nested><Items/></Nested>' +
        '</DoResult><ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></DoResponse>',
    );
  });

  test('a list whose items have no known name is a bug, not a guess', () => {
    expect(() => renderQueryResult('Do', { Others: [] }, wire, 'id')).toThrow('items of Others');
  });
});

test.each([
  [400, 'Sender'],
  [501, 'Receiver'],
])('an error of status %d is the fault of the %s', (status, type) => {
  expect(renderQueryError(new AwsError('Code', 'a < b', status), 'http://x/', 'id-1')).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<ErrorResponse xmlns="http://x/">' +
      `<Error><Type>${type}</Type><Code>Code</Code><Message>a &lt; b</Message></Error>` +
      '<RequestId>id-1</RequestId></ErrorResponse>',
  );
});
