import { resolveOptionsSchema, type ResolveCommand } from '../../lib/incident/resolve-options';
import { epochMicros, formatInstant } from '../../lib/time';
import { resolveCommand } from '../../scripts/resolve/command';

const NOW = epochMicros(Date.UTC(2026, 0, 8, 12) * 1000);

function parse(...args: string[]): ResolveCommand | string {
  const command = resolveCommand().action(() => undefined);
  command.parse(['--cluster', 'trading', ...args], { from: 'user' });
  const options = resolveOptionsSchema(NOW).safeParse(command.opts());
  return options.success ? options.data : options.error.issues.map(({ message }) => message).join('; ');
}

function parsed(...args: string[]): ResolveCommand {
  const options = parse(...args);
  if (typeof options === 'string') throw new Error(options);
  return options;
}

test('asks CloudWatch about the last three hours unless told otherwise', () => {
  const { source, window, filter, marginMicros } = parsed();
  expect(source).toBe('cloudwatch');
  expect([window.since, window.until].map((at) => at && formatInstant(at))).toEqual([
    '2026-01-08T09:00:00.000000Z',
    '2026-01-08T12:00:00.000000Z',
  ]);
  expect(filter.kind).toBe('any');
  expect(marginMicros).toBe(1_000_000);
});

test('takes files as a whole', () => {
  expect(parsed('--source', 'file', '--log-file', 'a', '--log-file', '-').window).toEqual({
    since: null,
    until: null,
  });
});

test.each([
  ['2h', '2026-01-08T10:00:00.000000Z'],
  ['3d', '2026-01-05T12:00:00.000000Z'],
  ['2026-01-08T10:00:00+01:00', '2026-01-08T09:00:00.000000Z'],
])('--since %s is %s', (text, instant) => {
  const { since } = parsed('--since', text).window;
  expect(since === null ? null : formatInstant(since)).toBe(instant);
});

test.each([
  [['--since', '2026-01-08T10:00:00'], 'has no time zone'],
  [['--since', 'yesterday'], 'is not an RFC 3339 time'],
  [['--since', '1h', '--until', '2h'], '--since must not be after --until'],
  [['--source', 'file'], 'needs at least one --log-file'],
  [['--log-file', 'a'], 'needs --source file'],
  [['--source', 'ftp'], 'expected one of'],
  [['--kind', 'everything'], 'expected one of'],
  [['--match', '('], 'is not a regular expression'],
  [['--pick', '0'], 'picks no candidate'],
  [['--pick', '3-1'], 'picks no candidate'],
  [['--connection', '4x'], 'a connection id is a number'],
  [['--margin', 'long'], 'is not a duration'],
  [['--server-timezone', 'Mars/Olympus'], 'a time zone'],
])('%j is refused: %s', (args, message) => {
  expect(parse(...args)).toContain(message);
});

test.each([
  ['2', [2]],
  ['1,3', [1, 3]],
  ['2-4,7', [2, 3, 4, 7]],
  ['all', 'all'],
])('--pick %s', (text, pick) => {
  expect(parsed('--pick', text).pick).toEqual(pick);
});
