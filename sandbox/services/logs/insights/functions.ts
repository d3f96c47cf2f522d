import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import { finite, isTrue, Timestamp, toNumber, toText, type Value } from './values';

/** A function of the query language, by its arguments' count and kind. */
export interface FunctionSpec {
  readonly min: number;
  readonly max: number;
  /** Index of the argument that is a period such as `5m`, given as milliseconds. */
  readonly period?: number;
  /** Whether it may stand alone as a condition. */
  readonly condition?: true;
  readonly apply: (args: readonly Value[]) => Value;
}

/** Every function that the sandbox has outside `stats`, in lower case: AWS takes them in any case. */
export const functions: Readonly<Record<string, FunctionSpec>> = {
  abs: numeric(Math.abs),
  ceil: numeric(Math.ceil),
  floor: numeric(Math.floor),
  log: numeric(Math.log),
  sqrt: numeric(Math.sqrt),
  greatest: overNumbers(Math.max),
  least: overNumbers(Math.min),
  tonumber: { min: 1, max: 1, apply: ([a]) => toNumber(a) },

  ispresent: condition(1, 1, ([a]) => a !== undefined),
  coalesce: { min: 1, max: Infinity, apply: (args) => args.find((arg) => arg !== undefined) },
  if: { min: 3, max: 3, apply: ([test, yes, no]) => (isTrue(test) ? yes : no) },

  isempty: condition(1, 1, ([a]) => (toText(a) ?? '') === ''),
  isblank: condition(1, 1, ([a]) => (toText(a) ?? '').trim() === ''),
  strcontains: {
    min: 2,
    max: 2,
    condition: true,
    apply: ([a, b]) => (texts([a, b], (text, searched) => text.includes(searched)) === true ? 1 : 0),
  },
  startswith: condition(2, 2, (args) => texts(args, (text, prefix) => text.startsWith(prefix)) === true),
  endswith: condition(2, 2, (args) => texts(args, (text, suffix) => text.endsWith(suffix)) === true),
  strlen: { min: 1, max: 1, apply: (args) => texts(args, (text) => codePoints(text).length) },
  tolower: { min: 1, max: 1, apply: (args) => texts(args, (text) => text.toLowerCase()) },
  toupper: { min: 1, max: 1, apply: (args) => texts(args, (text) => text.toUpperCase()) },
  concat: { min: 1, max: Infinity, apply: (args) => texts(args, (...parts) => parts.join('')) },
  replace: { min: 3, max: 3, apply: (args) => texts(args, (text, from, to) => text.split(from).join(to)) },
  substr: { min: 2, max: 3, apply: substr },
  trim: trimming(true, true),
  ltrim: trimming(true, false),
  rtrim: trimming(false, true),

  datefloor: { min: 2, max: 2, period: 1, apply: ([at, period]) => toMultiple(Math.floor, at, period) },
  dateceil: { min: 2, max: 2, period: 1, apply: ([at, period]) => toMultiple(Math.ceil, at, period) },
  frommillis: { min: 1, max: 1, apply: ([ms]) => timestamp(toNumber(ms)) },
  tomillis: { min: 1, max: 1, apply: ([at]) => (at instanceof Timestamp ? at.ms : undefined) },

  isvalidip: condition(1, 1, ([a]) => isIP(toText(a) ?? '') !== 0),
  isvalidipv4: condition(1, 1, ([a]) => isIPv4(toText(a) ?? '')),
  isvalidipv6: condition(1, 1, ([a]) => isIPv6(toText(a) ?? '')),
  isipinsubnet: condition(2, 2, (args) => inSubnet(args, ['ipv4', 'ipv6'])),
  isipv4insubnet: condition(2, 2, (args) => inSubnet(args, ['ipv4'])),
  isipv6insubnet: condition(2, 2, (args) => inSubnet(args, ['ipv6'])),
};

function condition(min: number, max: number, apply: (args: readonly Value[]) => boolean): FunctionSpec {
  return { min, max, condition: true, apply };
}

function numeric(apply: (x: number) => number): FunctionSpec {
  return overNumbers(apply, 1);
}

function overNumbers(apply: (...numbers: number[]) => number, max = Infinity): FunctionSpec {
  return {
    min: 1,
    max,
    apply: (args) => {
      const numbers = args.map(toNumber);
      return numbers.every((x) => x !== undefined) ? finite(apply(...numbers)) : undefined;
    },
  };
}

/** Applies to all arguments as text; missing as soon as one of them is. */
function texts<T>(args: readonly Value[], apply: (...texts: [string, string, string]) => T): T | undefined {
  const all = args.map(toText);
  return all.every((text) => text !== undefined) ? apply(...(all as [string, string, string])) : undefined;
}

function codePoints(text: string): string[] {
  return Array.from(text);
}

/** Counts in code points from 0, as `strlen` does. */
function substr([text, from, length]: readonly Value[]): Value {
  const characters = codePoints(toText(text) ?? '');
  const start = toNumber(from);
  if (text === undefined || start === undefined) return undefined;
  const end = length === undefined ? characters.length : start + (toNumber(length) ?? 0);
  return characters.slice(Math.max(start, 0), Math.max(end, 0)).join('');
}

/** Without a second argument it takes off white space, with one each character that this holds. */
function trimming(left: boolean, right: boolean): FunctionSpec {
  return {
    min: 1,
    max: 2,
    apply: ([text, unwanted]) => {
      const characters = codePoints(toText(text) ?? '');
      if (text === undefined) return undefined;
      const set = new Set(toText(unwanted) ?? '');
      const goes = (character: string): boolean =>
        unwanted === undefined ? character.trim() === '' : set.has(character);
      const first = left ? characters.findIndex((character) => !goes(character)) : 0;
      const last = right ? characters.findLastIndex((character) => !goes(character)) : characters.length - 1;
      return first < 0 ? '' : characters.slice(first, last + 1).join('');
    },
  };
}

function toMultiple(round: (x: number) => number, at: Value, period: Value): Value {
  const [ms, periodMs] = [toNumber(at), toNumber(period)];
  return ms === undefined || periodMs === undefined ? undefined : timestamp(round(ms / periodMs) * periodMs);
}

/** The last instant that a date can hold, to either side of the epoch. */
const LAST_MS = 8.64e15;

function timestamp(ms: number | undefined): Timestamp | undefined {
  return ms === undefined || Math.abs(ms) > LAST_MS ? undefined : new Timestamp(ms);
}

function inSubnet([address, subnet]: readonly Value[], families: readonly ('ipv4' | 'ipv6')[]): boolean {
  const ip = toText(address) ?? '';
  const [network = '', bits = ''] = (toText(subnet) ?? '').split('/');
  const family = isIPv4(network) ? 'ipv4' : 'ipv6';
  const most = family === 'ipv4' ? 32 : 128;
  if (isIP(ip) !== isIP(network) || isIP(ip) === 0 || !families.includes(family)) return false;
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > most) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family);
  return list.check(ip, family);
}
