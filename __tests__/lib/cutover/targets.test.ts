import {
  checkNamedOnce,
  describeTarget,
  parseAppConfig,
  parseDnsRecord,
  parseSecret,
  parseSsmParameter,
  pathOf,
} from '../../../lib/cutover/targets';

describe('what a person names', () => {
  test.each([
    [parseSsmParameter, '/trading/db/host', { name: '/trading/db/host' }],
    [parseSecret, 'prod/db#host', { name: 'prod/db', key: 'host' }],
    [parseSecret, 'prod/db', { name: 'prod/db', key: null }],
    [parseSecret, 'x#a#b', { name: 'x', key: 'a#b' }],
    [
      parseSecret,
      'arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/db-AbCdEf#/db/host',
      { name: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/db-AbCdEf', key: '/db/host' },
    ],
    [parseDnsRecord, 'Z1/db.example.internal', { zone: 'Z1', name: 'db.example.internal' }],
    [
      parseAppConfig,
      'shop/prod/database#/database/host',
      { application: 'shop', environment: 'prod', profile: 'database', key: '/database/host' },
    ],
    [
      parseAppConfig,
      'shop/prod/url',
      { application: 'shop', environment: 'prod', profile: 'url', key: null },
    ],
  ])('%p reads %s', (parse, text, expected) => {
    expect(parse(text)).toMatchObject({ ok: true, value: expected });
  });

  test.each([
    [parseSsmParameter, '/trading db'],
    [parseSsmParameter, ''],
    [parseSecret, '#host'],
    [parseSecret, 'prod/db#'],
    [parseDnsRecord, 'db.example.internal'],
    [parseDnsRecord, 'a/b/c'],
    [parseAppConfig, 'shop/prod#/host'],
    [parseAppConfig, 'shop/prod/a/b#/host'],
    [parseAppConfig, 'shop/prod/database#'],
  ])('%p refuses %j', (parse, text) => {
    expect(parse(text)).toMatchObject({ ok: false, refusal: { reason: 'not-a-target' } });
  });
});

test('a document that is named in two ways is refused: the second write would find it changed', () => {
  const arn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/db-AbCdEf';
  const [byName, byArn] = [
    { id: arn, name: 'prod/db' },
    { id: arn, name: arn },
  ];
  expect(checkNamedOnce([byName, byName, { id: 'other', name: 'other' }])).toMatchObject({ ok: true });
  expect(checkNamedOnce([byName, byArn])).toMatchObject({
    refusal: { reason: 'named-twice', message: `'prod/db' and '${arn}' are the same` },
  });
});

test.each([
  [null, []],
  ['host', ['host']],
  ['a.b', ['a.b']],
  ['/database/host', ['database', 'host']],
  ['/a~1b/c~0d/0', ['a/b', 'c~d', '0']],
])('the path of key %j is %j', (key, expected) => {
  expect(pathOf(key)).toEqual(expected);
});

test.each([
  [{ kind: 'ssm-parameter-text', name: '/a' } as const, 'SSM parameter /a'],
  [{ kind: 'secret', name: 'prod/db', key: 'host' } as const, 'secret prod/db, host'],
  [{ kind: 'secret', name: 'prod/url', key: null } as const, 'secret prod/url'],
  [{ kind: 'appconfig', name: 'a/b/c', key: '/host' } as const, 'AppConfig a/b/c, /host'],
  [{ kind: 'dns-record', name: 'db.example' } as const, 'DNS record db.example'],
])('describes a target: %#', (target, expected) => {
  expect(describeTarget(target)).toBe(expected);
});
