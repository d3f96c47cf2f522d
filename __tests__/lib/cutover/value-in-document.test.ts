import { locateValue, type Format } from '../../../lib/cutover/value-in-document';

const JSON_TEXT = `{\r\n\t"password": "p\\u0061ss\\/word",  "host" : "old.example.com",\n  "n": 1.50, "list": [{"host": "a"}, {"host": "b"}],\n  "a/b": {"host": "c"} }\n`;
const YAML_TEXT = `# kept\ndatabase:\n  host: old.example.com # kept too\n  quoted: "old.example.com"\n  single: 'old.example.com'\n  port: 3306\n  text: |\n    old.example.com\n`;

describe('locateValue', () => {
  test.each<[string, Format, string, string[], string, (text: string) => string]>([
    [
      'a key of JSON',
      'json',
      JSON_TEXT,
      ['host'],
      'old.example.com',
      (text) => text.replace('old.example.com', 'new'),
    ],
    [
      'an object in a list',
      'json',
      JSON_TEXT,
      ['list', '1', 'host'],
      'b',
      (text) => text.replace('"b"', '"new"'),
    ],
    ['a key with a slash', 'json', JSON_TEXT, ['a/b', 'host'], 'c', (text) => text.replace('"c"', '"new"')],
    [
      'a plain string of YAML',
      'yaml',
      YAML_TEXT,
      ['database', 'host'],
      'old.example.com',
      (text) => text.replace('old.example.com', 'new'),
    ],
    [
      'a quoted string of YAML',
      'yaml',
      YAML_TEXT,
      ['database', 'quoted'],
      'old.example.com',
      (text) => text.replace('"old.example.com"', '"new"'),
    ],
    [
      'one in single quotes',
      'yaml',
      YAML_TEXT,
      ['database', 'single'],
      'old.example.com',
      (text) => text.replace("'old.example.com'", "'new'"),
    ],
    [
      'one within an anchor that stands nowhere else',
      'yaml',
      `base: &b\n  host: old.example.com\nother: &c {a: 1}\nthird: *c\n`,
      ['base', 'host'],
      'old.example.com',
      (text) => text.replace('old.example.com', 'new'),
    ],
    ['a text as a whole', 'text', 'old.example.com', [], 'old.example.com', () => 'new'],
    ['JSON as a whole', 'json', '{}', [], '{}', () => 'new'],
  ])('sets %s and no other byte', (_, format, text, path, value, expected) => {
    const located = locateValue(text, format, path);
    if (!located.ok) throw new Error(located.refusal.message);
    expect(located.value.value).toBe(value);
    expect(located.value.with('new')).toBe(expected(text));
  });

  test.each<[string, Format, string, string[]]>([
    ['not-parsable', 'json', '{"host": "s3cret"', ['host']],
    ['not-parsable', 'yaml', 'a: [s3cret', ['a']],
    ['not-parsable', 'text', 's3cret', ['host']],
    ['no-such-value', 'json', '{"password": "s3cret"}', ['host']],
    ['no-such-value', 'json', '{"host": {"s3cret": "x"}}', ['host']],
    ['no-such-value', 'json', '{"host": 1}', ['host']],
    ['no-such-value', 'json', '"s3cret"', ['host']],
    ['ambiguous-value', 'json', '{"host": "s3cret", "host": "b"}', ['host']],
    ['ambiguous-value', 'json', '{"a": {"host": "s3cret"}, "a": {}}', ['a', 'host']],
    ['not-parsable', 'yaml', 'host: s3cret\nhost: b', ['host']],
    ['ambiguous-value', 'yaml', 'host: &h s3cret\nreader: *h', ['host']],
    ['ambiguous-value', 'yaml', 'base: &b\n  host: s3cret\nother: *b', ['base', 'host']],
    [
      'ambiguous-value',
      'yaml',
      'base: &b\n  a: [{host: s3cret}]\nprod:\n  <<: *b',
      ['base', 'a', '0', 'host'],
    ],
    ['no-such-value', 'yaml', 'a: &h s3cret\nhost: *h', ['host']],
    ['not-parsable', 'yaml', 'host: s3cret\n---\nhost: b', ['host']],
    ['no-such-value', 'yaml', YAML_TEXT, ['database', 'port']],
    ['no-such-value', 'yaml', YAML_TEXT, ['database', 'text']],
    ['no-such-value', 'yaml', YAML_TEXT, ['database']],
  ])('refuses %s, and quotes nothing of the text', (reason, format, text, path) => {
    const located = locateValue(text, format, path);
    expect(located).toMatchObject({ ok: false, refusal: { reason } });
    expect(JSON.stringify(located)).not.toContain('s3cret');
  });
});
