import type { Command, Expression, Field, Item, Name } from './ast';
import { countAsterisks, matchGlob } from './glob';
import { Lexer, type RegexLiteral } from './lexer';
import { senseless } from './malformed';
import { parseCondition, parseExpression, parseField } from './parse-expression';
import { compileRegex } from './regex';

/** The most rows that a query gives. */
export const MOST_ROWS = 100_000;

type CommandParser = (tokens: Lexer) => WithoutSpan<Command>;
type WithoutSpan<T> = T extends unknown ? Omit<T, 'span'> : never;

const commands: Readonly<Record<string, CommandParser>> = {
  fields: (tokens) => ({ kind: 'fields', items: parseItems(tokens) }),
  display: (tokens) => ({ kind: 'display', items: parseItems(tokens) }),
  filter: (tokens) => ({ kind: 'filter', condition: parseCondition(tokens) }),
  where: (tokens) => ({ kind: 'filter', condition: parseCondition(tokens) }),
  parse: parseParse,
  sort: parseSort,
  limit: parseLimit,
  stats: (tokens) => ({
    kind: 'stats',
    items: parseItems(tokens),
    by: tokens.takeIf('by') ? parseItems(tokens) : [],
  }),
  dedup: (tokens) => ({ kind: 'dedup', fields: parseList(tokens, parseField) }),
};

/**
 * Reads a query of the Logs Insights query language as its commands.
 * @throws AwsError MalformedQueryException with the place
 */
export function parseQuery(query: string): Command[] {
  const tokens = new Lexer(query);
  const parsed = [parseCommand(tokens)];
  while (tokens.takeIf('|')) parsed.push(parseCommand(tokens));
  if (tokens.peek().kind !== 'end') throw tokens.unexpected();
  return parsed;
}

function parseCommand(tokens: Lexer): Command {
  const name = tokens.peek();
  const parse = name.kind === 'word' ? commands[name.text.toLowerCase()] : undefined;
  if (parse === undefined) {
    throw tokens.unexpected(name, `: the sandbox knows the commands ${Object.keys(commands).join(', ')}`);
  }
  tokens.take();
  const command = parse(tokens);
  return { ...command, span: { start: name.span.start, end: tokens.peek().span.start } };
}

function parseList<T>(tokens: Lexer, parse: (tokens: Lexer) => T): T[] {
  const list = [parse(tokens)];
  while (tokens.takeIf(',')) list.push(parse(tokens));
  return list;
}

function parseItems(tokens: Lexer): Item[] {
  return parseList(tokens, (list) => {
    const expression = parseExpression(list);
    if (!list.takeIf('as')) return { expression, ...nameOf(expression, list.query), aliased: false };
    return { expression, ...parseField(list), aliased: true };
  });
}

function nameOf(expression: Expression, query: string): Name {
  const { span } = expression;
  return { name: expression.kind === 'field' ? expression.name : query.slice(span.start, span.end), span };
}

function parseParse(tokens: Lexer): WithoutSpan<Command> {
  const source = parseSource(tokens);
  const regex = tokens.takeRegex();
  if (regex !== undefined) return { kind: 'parse', source, ...captureByRegex(regex) };
  const glob = tokens.peek();
  if (glob.kind !== 'string') throw tokens.unexpected();
  tokens.take();
  tokens.expect('as');
  const names = parseList(tokens, parseField);
  if (countAsterisks(glob.value) !== names.length) {
    const counts = `${countAsterisks(glob.value)} asterisks, ${names.length} names`;
    throw senseless(`the glob needs as many asterisks as names: ${counts}`, glob.span);
  }
  const capture = (text: string): ReadonlyMap<string, string> | undefined => {
    const texts = matchGlob(glob.value, text);
    return texts && new Map(texts.map((captured, i) => [names[i]?.name ?? '', captured]));
  };
  return { kind: 'parse', source, names, capture };
}

/** The field to parse; left out it is `@message`. */
function parseSource(tokens: Lexer): Field {
  const { kind, text, span } = tokens.peek();
  if (kind === 'string' || text === '/') return { kind: 'field', name: '@message', span };
  return parseField(tokens);
}

function captureByRegex(literal: RegexLiteral): {
  readonly names: readonly Name[];
  readonly capture: (text: string) => ReadonlyMap<string, string> | undefined;
} {
  const regex = compileRegex(literal);
  const groups = Object.keys(regex.namedGroups());
  if (groups.length === 0) {
    throw senseless('the regular expression has no named group such as (?<name>…)', literal.span);
  }
  const capture = (text: string): ReadonlyMap<string, string> | undefined => {
    const matcher = regex.matcher(text);
    if (!matcher.find()) return undefined;
    const captured = groups.map((name) => [name, matcher.group(name)] as const);
    return new Map(captured.filter((pair): pair is [string, string] => pair[1] !== null));
  };
  return { names: groups.map((name) => ({ name, span: literal.span })), capture };
}

function parseSort(tokens: Lexer): WithoutSpan<Command> {
  const keys = parseList(tokens, (list) => {
    const field = parseField(list);
    const descending = list.takeIf('desc');
    if (!descending) list.takeIf('asc');
    return { field, descending };
  });
  return { kind: 'sort', keys };
}

function parseLimit(tokens: Lexer): WithoutSpan<Command> {
  const token = tokens.peek();
  if (token.kind !== 'number') throw tokens.unexpected();
  tokens.take();
  if (!Number.isInteger(token.value) || token.value < 1 || token.value > MOST_ROWS) {
    throw senseless(`limit is ${token.text}: expected a whole number from 1 to ${MOST_ROWS}`, token.span);
  }
  return { kind: 'limit', count: token.value };
}
