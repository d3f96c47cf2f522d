import { malformed, unexpectedSymbol, type Span } from './malformed';
import type { AwsError } from '../../../protocols/operation';

export type Token = { readonly text: string; readonly span: Span } & (
  | { readonly kind: 'word' }
  | { readonly kind: 'quotedField'; readonly name: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'period'; readonly ms: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'symbol' }
  | { readonly kind: 'end' }
);

export interface RegexLiteral {
  readonly source: string;
  readonly span: Span;
}

const SKIPPED = /(?:\s+|#[^\n]*)*/y;
const FIELD = /(?:[A-Za-z_@$][\w@$]*|`[^`]+`)(?:[.](?:[\w@$]+|`[^`]+`))*/y;
const NUMBER = /(?:\d+(?:[.]\d+)?|[.]\d+)(?:[eE][+-]?\d+)?([A-Za-z]\w*)?/y;
const STRING = /"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'/y;
const REGEX = /[/]((?:[^/\\]|\\[^])+)[/]/y;
const SYMBOL = /!=|<=|>=|=~|[|,()[\]=<>+\-*/%^]/y;

const PERIOD_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * Cuts a query into tokens, one at a time: whether `/` divides or opens a regular expression is
 * known only to the parser, which asks for `takeRegex` where one may stand.
 */
export class Lexer {
  private at = 0;
  private ahead: Token | undefined;

  constructor(readonly query: string) {}

  peek(): Token {
    this.ahead ??= this.read();
    return this.ahead;
  }

  take(): Token {
    const token = this.peek();
    this.ahead = undefined;
    return token;
  }

  /** True, and takes it, if the next token is this symbol or word (in any case). */
  takeIf(text: string): boolean {
    if (!this.is(text)) return false;
    this.take();
    return true;
  }

  is(text: string): boolean {
    const token = this.peek();
    return (token.kind === 'word' || token.kind === 'symbol') && token.text.toLowerCase() === text;
  }

  /** Takes this symbol or word; anything else is malformed. */
  expect(text: string): Token {
    if (!this.is(text)) throw this.unexpected();
    return this.take();
  }

  /** The regular expression between slashes that starts at the next token, if one does; a slash inside is written `\/`. */
  takeRegex(): RegexLiteral | undefined {
    const token = this.peek();
    if (token.text !== '/' || token.kind !== 'symbol') return undefined;
    const match = matchAt(REGEX, this.query, token.span.start);
    if (match?.[1] === undefined) throw this.unexpected();
    this.at = token.span.start + match[0].length;
    this.ahead = undefined;
    return { source: match[1], span: { start: token.span.start, end: this.at } };
  }

  unexpected(token: Token = this.peek(), hint = ''): AwsError {
    return unexpectedSymbol(this.query, token.text, token.span, hint);
  }

  private read(): Token {
    this.at += matchAt(SKIPPED, this.query, this.at)?.[0].length ?? 0;
    const start = this.at;
    if (start === this.query.length) return { kind: 'end', text: '<EOF>', span: { start, end: start } };
    const cut = (pattern: RegExp): RegExpExecArray | undefined => {
      const match = matchAt(pattern, this.query, start);
      this.at = start + (match?.[0].length ?? 0);
      return match;
    };
    const whole = (text: string): { text: string; span: Span } => ({ text, span: { start, end: this.at } });

    const field = cut(FIELD)?.[0];
    if (field?.includes('`') === true) {
      return { kind: 'quotedField', name: field.replaceAll('`', ''), ...whole(field) };
    }
    if (field !== undefined) return { kind: 'word', ...whole(field) };

    const number = cut(NUMBER);
    if (number?.[1] !== undefined)
      return { kind: 'period', ms: periodMs(number[0], whole('').span), ...whole(number[0]) };
    if (number !== undefined) return { kind: 'number', value: Number(number[0]), ...whole(number[0]) };

    const string = cut(STRING)?.[0];
    if (string !== undefined)
      return { kind: 'string', value: unescape(string.slice(1, -1)), ...whole(string) };

    const symbol = cut(SYMBOL)?.[0];
    if (symbol !== undefined) return { kind: 'symbol', ...whole(symbol) };

    throw unexpectedSymbol(this.query, this.query.charAt(start), { start, end: start + 1 });
  }
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function periodMs(text: string, span: Span): number {
  const [, amount, unit = ''] = /^(\d+)([A-Za-z]+)$/.exec(text) ?? [];
  const unitMs = PERIOD_MS[unit];
  if (amount === undefined || unitMs === undefined || Number(amount) === 0) {
    throw malformed(`invalid period ${text}: the sandbox knows whole numbers of ms, s, m, h and d`, span);
  }
  return Number(amount) * unitMs;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

/** A backslash before anything else stays, so that `"\d"` means the same as it looks. */
function unescape(text: string): string {
  return text.replace(/\\([^])/g, (whole, character: string) => ESCAPES[character] ?? whole);
}
