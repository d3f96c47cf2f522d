import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { output } from '../../lib/cli';
import { approveWith, ScanMeter, type Asking } from '../../scripts/resolve/approve';

const GB = 1e9;
const said: string[] = [];
beforeEach(() => {
  said.length = 0;
  jest.spyOn(output, 'say').mockImplementation((line) => void said.push(line));
});
afterEach(() => {
  jest.restoreAllMocks();
});

const hush = jest.fn(() => () => undefined);

function terminal(isTTY: boolean): Asking & { output: PassThrough } {
  const stream = (): PassThrough & { isTTY: boolean } => Object.assign(new PassThrough(), { isTTY });
  return { input: stream(), output: stream() };
}

test.each([
  { what: 'little', yes: false, bytes: 0.5 * GB, passes: true, tells: [] },
  {
    what: 'some',
    yes: false,
    bytes: 40 * GB,
    passes: true,
    tells: ['the query for writes scans about 40 GB, 0.20 USD'],
  },
  {
    what: 'much, without --yes',
    yes: false,
    bytes: 400 * GB,
    passes: false,
    tells: ['the query for writes scans about 400 GB, 2.00 USD'],
  },
  {
    what: 'much, with --yes',
    yes: true,
    bytes: 400 * GB,
    passes: true,
    tells: ['the query for writes scans about 400 GB, 2.00 USD'],
  },
])('without a terminal a query that scans $what passes: $passes', async ({ yes, bytes, passes, tells }) => {
  expect(await approveWith(yes, hush, terminal(false))(bytes, 'writes')).toBe(passes);
  expect(said).toEqual(tells);
});

test('a person is asked before a query that scans much, once', async () => {
  const asking = terminal(true);
  const approve = approveWith(false, hush, asking);
  asking.input.push('y\n');
  expect(await approve(400 * GB, 'writes')).toBe(true);
  expect(await approve(500 * GB, 'connections')).toBe(true);
  asking.output.end();
  const shown = await text(asking.output);
  expect(shown.match(/go on/g)).toHaveLength(1);
  expect(hush).toHaveBeenCalledTimes(1);
  expect(shown).toContain('the query for writes scans about 400 GB, 2.00 USD; go on? [y/N]');
});

test.each(['\n', 'n\n', 'what\n'])('an answer of %j means no', async (answer) => {
  const asking = terminal(true);
  asking.input.push(answer);
  expect(await approveWith(false, hush, asking)(400 * GB, 'writes')).toBe(false);
});

test('what was scanned is summed up with its cost, where anything was', () => {
  const meter = new ScanMeter();
  expect(meter.summary()).toBeNull();
  meter.add(1.5 * GB);
  meter.add(0.5 * GB);
  expect(meter.summary()).toBe('Logs Insights scanned 2000.0 MB, about 0.0100 USD');
});
