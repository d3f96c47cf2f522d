import { aggregates } from './aggregates';
import type { ArithmeticOperator, CompareOperator, Expression, Field } from './ast';
import { functions } from './functions';
import type { Lexer, Token } from './lexer';
import { malformed, senseless, type Span } from './malformed';
import { regexMatcher, type Matcher } from './regex';

/** Words that are no field's name; a field of such a name has to stand in backticks. */
const RESERVED = new Set(['and', 'or', 'not', 'like', 'in', 'as', 'by', 'asc', 'desc']);
/** Keeps a hostile query from exhausting the stack. */
const DEEPEST = 200;

/** Parses one expression; `or` binds least, then `and`, `not`, comparisons, `+ -`, `* / %`, sign, `^`. */
export function parseExpression(tokens: Lexer, depth = 0): Expression {
  if (depth > DEEPEST) throw malformed('the expression is nested too deep', tokens.peek().span);
  return parseOr(tokens, depth);
}

/** Parses an expression that is true or false: AWS takes no bare field or text for a condition. */
export function parseCondition(tokens: Lexer, depth = 0): Expression {
  const first = tokens.peek();
  const expression = parseExpression(tokens, depth);
  requireCondition(expression, tokens, first);
  return expression;
}

/** Parses the name of a field, quoted or not. */
export function parseField(tokens: Lexer): Field {
  const token = tokens.peek();
  if (token.kind === 'quotedField') {
    tokens.take();
    return { kind: 'field', name: token.name, span: token.span };
  }
  if (token.kind !== 'word' || RESERVED.has(token.text.toLowerCase())) throw tokens.unexpected();
  tokens.take();
  return { kind: 'field', name: token.text, span: token.span };
}

function requireCondition(expression: Expression, tokens: Lexer, first: Token): void {
  switch (expression.kind) {
    case 'compare':
    case 'logical':
    case 'not':
    case 'like':
    case 'in':
      return;
    case 'call':
      if (functions[expression.name]?.condition === true) return;
      throw tokens.unexpected(first, ': expected a condition');
    default:
      throw tokens.unexpected(first, ': expected a condition');
  }
}

function parseOr(tokens: Lexer, depth: number): Expression {
  const first = tokens.peek();
  let left = parseAnd(tokens, depth);
  while (tokens.is('or')) left = parseLogical('or', first, left, tokens, () => parseAnd(tokens, depth));
  return left;
}

function parseAnd(tokens: Lexer, depth: number): Expression {
  const first = tokens.peek();
  let left = parseNot(tokens, depth);
  while (tokens.is('and')) left = parseLogical('and', first, left, tokens, () => parseNot(tokens, depth));
  return left;
}

function parseLogical(
  operator: 'and' | 'or',
  first: Token,
  left: Expression,
  tokens: Lexer,
  parseRight: () => Expression,
): Expression {
  requireCondition(left, tokens, first);
  tokens.expect(operator);
  const second = tokens.peek();
  const right = parseRight();
  requireCondition(right, tokens, second);
  return { kind: 'logical', operator, left, right, span: across(left, right) };
}

function parseNot(tokens: Lexer, depth: number): Expression {
  if (!tokens.is('not')) return parseComparison(tokens, depth);
  if (depth > DEEPEST) throw malformed('the expression is nested too deep', tokens.peek().span);
  const { span } = tokens.take();
  const first = tokens.peek();
  const operand = parseNot(tokens, depth + 1);
  requireCondition(operand, tokens, first);
  return { kind: 'not', operand, span: across({ span }, operand) };
}

const COMPARISONS: readonly CompareOperator[] = ['=', '!=', '<=', '>=', '<', '>'];

function parseComparison(tokens: Lexer, depth: number): Expression {
  const left = parseSum(tokens, depth);
  const operator = COMPARISONS.find((each) => tokens.is(each));
  if (operator !== undefined) {
    tokens.take();
    const right = parseSum(tokens, depth);
    return { kind: 'compare', operator, left, right, span: across(left, right) };
  }
  const not = tokens.is('not') ? tokens.take() : undefined;
  const test = parseTest(left, tokens);
  if (test === undefined) {
    if (not !== undefined) throw tokens.unexpected();
    return left;
  }
  return not === undefined ? test : { kind: 'not', operand: test, span: test.span };
}

/** `like …`, `=~ …` or `in […]` after its operand. */
function parseTest(operand: Expression, tokens: Lexer): Expression | undefined {
  if (tokens.takeIf('like') || tokens.takeIf('=~')) {
    const { matches, span } = parsePattern(tokens);
    return { kind: 'like', operand, matches, span: across(operand, { span }) };
  }
  if (tokens.takeIf('in')) {
    tokens.expect('[');
    const values = [parseLiteral(tokens)];
    while (tokens.takeIf(',')) values.push(parseLiteral(tokens));
    return { kind: 'in', operand, values, span: across(operand, tokens.expect(']')) };
  }
  return undefined;
}

/** A text to be found anywhere, with regard to case, or a regular expression. */
function parsePattern(tokens: Lexer): { readonly matches: Matcher; readonly span: Span } {
  const regex = tokens.takeRegex();
  if (regex !== undefined) return { matches: regexMatcher(regex), span: regex.span };
  const token = tokens.peek();
  if (token.kind !== 'string') throw tokens.unexpected();
  tokens.take();
  return { matches: (text) => text.includes(token.value), span: token.span };
}

function parseLiteral(tokens: Lexer): string | number {
  const sign = tokens.takeIf('-') ? -1 : 1;
  const token = tokens.peek();
  if (token.kind !== 'number' && (token.kind !== 'string' || sign < 0)) throw tokens.unexpected();
  tokens.take();
  return token.kind === 'number' ? sign * token.value : token.value;
}

function parseSum(tokens: Lexer, depth: number): Expression {
  return parseLeftToRight(tokens, ['+', '-'], () => parseProduct(tokens, depth));
}

function parseProduct(tokens: Lexer, depth: number): Expression {
  return parseLeftToRight(tokens, ['*', '/', '%'], () => parseSigned(tokens, depth));
}

function parseLeftToRight(
  tokens: Lexer,
  operators: readonly ArithmeticOperator[],
  parseOperand: () => Expression,
): Expression {
  let left = parseOperand();
  for (;;) {
    const operator = operators.find((each) => tokens.is(each));
    if (operator === undefined) return left;
    tokens.take();
    const right = parseOperand();
    left = { kind: 'arithmetic', operator, left, right, span: across(left, right) };
  }
}

function parseSigned(tokens: Lexer, depth: number): Expression {
  if (!tokens.is('-')) return parsePower(tokens, depth);
  if (depth > DEEPEST) throw malformed('the expression is nested too deep', tokens.peek().span);
  const { span } = tokens.take();
  const operand = parseSigned(tokens, depth + 1);
  return { kind: 'negate', operand, span: across({ span }, operand) };
}

function parsePower(tokens: Lexer, depth: number): Expression {
  const left = parseOperand(tokens, depth);
  if (!tokens.takeIf('^')) return left;
  const right = parseSigned(tokens, depth + 1);
  return { kind: 'arithmetic', operator: '^', left, right, span: across(left, right) };
}

function parseOperand(tokens: Lexer, depth: number): Expression {
  const token = tokens.peek();
  switch (token.kind) {
    case 'number':
    case 'string':
      tokens.take();
      return { kind: 'literal', value: token.value, span: token.span };
    case 'period':
      tokens.take();
      return { kind: 'period', ms: token.ms, span: token.span };
    case 'symbol': {
      if (!tokens.takeIf('(')) throw tokens.unexpected();
      const inner = parseExpression(tokens, depth + 1);
      return { ...inner, span: across(token, tokens.expect(')')) };
    }
    case 'word':
    case 'quotedField': {
      const field = parseField(tokens);
      return token.kind === 'word' && tokens.is('(') ? parseCall(field, tokens, depth) : field;
    }
    case 'end':
      throw tokens.unexpected();
  }
}

function parseCall(callee: Field, tokens: Lexer, depth: number): Expression {
  const name = callee.name.toLowerCase();
  tokens.expect('(');
  const args: Expression[] = [];
  if (!tokens.is(')')) {
    do args.push(parseArgument(name, tokens, depth));
    while (tokens.takeIf(','));
  }
  const span = across(callee, tokens.expect(')'));
  if (name === 'bin') return bin(args, span);
  checkCall(name, callee.name, args, span);
  return { kind: 'call', name, args, span };
}

function parseArgument(name: string, tokens: Lexer, depth: number): Expression {
  const star = name === 'count' && tokens.is('*') ? tokens.take() : undefined;
  return star === undefined ? parseExpression(tokens, depth + 1) : { kind: 'star', span: star.span };
}

/** `bin(5m)` is `datefloor(@timestamp, 5m)`. */
function bin(args: readonly Expression[], span: Span): Expression {
  const timestamp: Field = { kind: 'field', name: '@timestamp', span };
  checkCall('datefloor', 'bin', [timestamp, ...args], span);
  return { kind: 'call', name: 'datefloor', args: [timestamp, ...args], span };
}

function checkCall(name: string, written: string, args: readonly Expression[], span: Span): void {
  if (name === 'now') {
    if (args.length > 0) throw senseless(`${written} takes no arguments`, span);
    return;
  }
  const spec = functions[name] ?? aggregates[name];
  if (spec === undefined) throw senseless(`the sandbox does not know the function ${written}`, span);
  if (args.length < spec.min || args.length > spec.max) {
    throw senseless(`wrong number of arguments for ${written}: ${args.length}`, span);
  }
  const period = 'period' in spec ? spec.period : undefined;
  for (const [index, arg] of args.entries()) {
    if ((arg.kind === 'period') !== (index === period)) {
      const expected = index === period ? 'a period such as 5m' : 'no period';
      throw senseless(`argument ${index + 1} of ${written}: expected ${expected}`, arg.span);
    }
  }
}

function across(
  { span: { start } }: { readonly span: Span },
  { span: { end } }: { readonly span: Span },
): Span {
  return { start, end };
}
