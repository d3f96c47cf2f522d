import fc from 'fast-check';
import { matchGlob } from '../../../../../sandbox/services/logs/insights/glob';
import { compareForSort } from '../../../../../sandbox/services/logs/insights/values';
import { eventsOf, runQuery } from './run-query';

/** Words that overlap, so that conditions hold often enough to mean something. */
const word = fc.stringMatching(/^[ab1 .,'"\\/%*]{0,6}$/);
const messages = fc.array(word, { maxLength: 12 });

function quote(text: string): string {
  return JSON.stringify(text);
}

function messagesOf(query: string, all: readonly string[]): string[] {
  return runQuery(query, eventsOf(all)).map((row) => row['@message'] ?? '');
}

describe('over any events', () => {
  it('like finds what includes() finds, whatever characters the text has', () => {
    fc.assert(
      fc.property(messages, word, (all, searched) => {
        const expected = all.toReversed().filter((message) => message.includes(searched));
        expect(messagesOf(`filter @message like ${quote(searched)}`, all)).toEqual(expected);
      }),
    );
  });

  it('a regular expression finds what JavaScript finds', () => {
    const patterns = [
      'a+b',
      '^a',
      'b$',
      'a.b',
      '[^a]',
      'a|1',
      '(ab)+',
      '1{2}',
      '\\d',
      '\\s',
      '(?:a|b)1?',
      '\\\\',
    ];
    fc.assert(
      fc.property(messages, fc.constantFrom(...patterns), (all, pattern) => {
        const expected = all.toReversed().filter((message) => new RegExp(pattern).test(message));
        expect(messagesOf(`filter @message like /${pattern}/`, all)).toEqual(expected);
      }),
    );
  });

  it('not gives exactly what the condition leaves', () => {
    const condition = fc.oneof(
      word.map((text) => `@message like ${quote(text)}`),
      word.map((text) => `@message = ${quote(text)}`),
      fc.integer({ min: 0, max: 20 }).map((count) => `strlen(@message) < ${count}`),
      fc.constant('nothing = 1'),
    );
    const combined = fc
      .tuple(condition, fc.constantFrom('and', 'or'), condition)
      .map(([left, operator, right]) => `(${left}) ${operator} not (${right})`);
    fc.assert(
      fc.property(messages, fc.oneof(condition, combined), (all, each) => {
        const both = [...messagesOf(`filter ${each}`, all), ...messagesOf(`filter not (${each})`, all)];
        expect(both.sort()).toEqual([...all].sort());
      }),
    );
  });

  it('sort and limit give the first of the sorted', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -50, max: 50 })),
        fc.integer({ min: 1, max: 20 }),
        (numbers, limit) => {
          const expected = numbers.toSorted((a, b) => b - a).slice(0, limit);
          const query = `sort @message desc | limit ${limit}`;
          expect(messagesOf(query, numbers.map(String)).map(Number)).toEqual(expected);
        },
      ),
    );
  });

  it('stats count as a count by hand', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c')), (all) => {
        const rows = runQuery('stats count(*) as n by @message', eventsOf(all));
        const counted = new Map(rows.map((row) => [row['@message'], Number(row['n'])]));
        const expected = new Map<string, number>();
        for (const each of all) expected.set(each, (expected.get(each) ?? 0) + 1);
        expect(counted).toEqual(expected);
      }),
    );
  });

  it('a glob captures what the lazy regular expression of the same shape captures', () => {
    const glob = fc
      .stringMatching(/^[ab*]{1,6}$/)
      .filter((each) => each.includes('*') && !each.includes('**'));
    fc.assert(
      fc.property(glob, fc.stringMatching(/^[ab]{0,10}$/), (each, text) => {
        const source = each
          .replace(/[*]$/, '(.*)$')
          .replace(/^[*]/, '^(.*?)')
          .replaceAll(/(?<![.])[*]/g, '(.*?)');
        const fixed = each === '*' ? '^(.*)$' : source;
        expect(matchGlob(each, text)).toEqual(new RegExp(fixed).exec(text)?.slice(1));
      }),
    );
  });
});

describe('the order of sort', () => {
  const text = fc.stringMatching(/^[aB0-9#_ .]{0,6}$/);

  it("is the user guide's own example", () => {
    const example = [
      '!:',
      '#',
      '*%04',
      '0#',
      '5A',
      '111A',
      '2345_',
      '@',
      '@_',
      'A',
      'A9876fghj',
      'a12345hfh',
    ];
    const numbers = ['0', '01', '1', '2', '3'];
    expect([...numbers, ...example].reverse().sort(compareForSort)).toEqual([...example, ...numbers]);
  });

  it('is one: antisymmetric, transitive, and equal only for equals', () => {
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        expect(Math.sign(compareForSort(a, b))).toBe(-Math.sign(compareForSort(b, a)) + 0);
        const [x, y, z] = [a, b, c].sort(compareForSort);
        expect(compareForSort(x, y) <= 0 && compareForSort(y, z) <= 0 && compareForSort(x, z) <= 0).toBe(
          true,
        );
        expect(compareForSort(a, b) === 0).toBe(a === b);
      }),
    );
  });

  it('puts microseconds of the same length in order of time, as text and as number', () => {
    const times = ['1703817810076800', '1703817810076091', '1703817810076149'];
    const lines = times.map((time) => `${time},db-1,app`);
    expect(times.toSorted(compareForSort)).toEqual(times.toSorted());
    expect(lines.toSorted(compareForSort)).toEqual(lines.toSorted());
  });
});
