/** Whose rules tell strings, identifiers and comments apart. */
export type SqlFlavour = 'mysql' | 'postgresql';

export interface SqlToken {
  /** `word` is a keyword or bare identifier, `name` a quoted identifier, `string` any string literal. */
  readonly type: 'word' | 'name' | 'string' | 'number' | 'punctuation' | 'comment';
  /** Upper case for a `word`, without quotes for a `name`. */
  readonly text: string;
  /** Exactly as in the SQL text. */
  readonly written: string;
  /** Bounds in the SQL text. */
  readonly start: number;
  readonly end: number;
}

export interface SqlTokens {
  readonly tokens: readonly SqlToken[];
  /** Whether a string, quoted name or comment runs to the end without its close: the text was cut. */
  readonly unterminated: boolean;
}

/**
 * Each alternative's group number tells the type. No alternative can fail after its first
 * characters, so that no text makes the match go back: an unclosed quote runs to the end.
 */
const MYSQL =
  /(\s+|\/\*M?!\d*|\*\/)|(--(?=\s|$)[^\n]*|#[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|([xXbBnN]?'(?:[^'\\]+|\\[\s\S]?|'')*(?:'|$)|"(?:[^"\\]+|\\[\s\S]?|"")*(?:"|$))|(`(?:[^`]+|``)*(?:`|$))|((?:0[xX][0-9a-fA-F]+|\d+(?:[.]\d*)?(?:[eE][+-]?\d+)?|[.]\d+(?:[eE][+-]?\d+)?)(?![\w$]))|([\w$@\u0080-\uffff]+)|([\s\S])/y;
const POSTGRESQL =
  /(\s+)|(--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|([eE]'(?:[^'\\]+|\\[\s\S]?|'')*(?:'|$)|(?:[xXbBnN]|[uU]&)?'(?:[^']+|'')*(?:'|$)|\$(?!\d)([\w\u0080-\uffff]*)\$[\s\S]*?(?:\$\4\$|$))|("(?:[^"]+|"")*(?:"|$))|((?:0[xX][0-9a-fA-F]+|\d+(?:[.]\d*)?(?:[eE][+-]?\d+)?|[.]\d+(?:[eE][+-]?\d+)?)(?![\w$]))|([\w$\u0080-\uffff]+)|([\s\S])/y;

const TYPES = {
  mysql: ['comment', 'string', 'name', 'number', 'word', 'punctuation'],
  postgresql: ['comment', 'string', null, 'name', 'number', 'word', 'punctuation'],
} as const;

/**
 * Splits SQL into tokens without its white space. What MySQL executes inside a
 * comment that begins with an exclamation mark counts as text. Never throws: any text has tokens.
 */
export function tokenize(sql: string, flavour: SqlFlavour): SqlTokens {
  const pattern = flavour === 'mysql' ? MYSQL : POSTGRESQL;
  const types = TYPES[flavour];
  const tokens: SqlToken[] = [];
  let unterminated = false;
  let start = 0;
  while (start < sql.length) {
    pattern.lastIndex = start;
    const match = pattern.exec(sql);
    if (match === null) break;
    const end =
      flavour === 'postgresql' && sql.startsWith('/*', start)
        ? nestedCommentEnd(sql, start)
        : pattern.lastIndex;
    const type = types.find((t, i) => t !== null && match[i + 2] !== undefined) ?? null;
    if (type !== null) {
      const written = sql.slice(start, end);
      tokens.push({ type, text: textOf(type, written), written, start, end });
      if (end === sql.length) unterminated = isUnterminated(type, written, flavour);
    }
    start = end;
  }
  return { tokens, unterminated };
}

/** PostgreSQL's comments hold comments. */
function nestedCommentEnd(sql: string, start: number): number {
  const bounds = /\/\*|\*\//g;
  bounds.lastIndex = start;
  for (let depth = 0; ;) {
    const bound = bounds.exec(sql);
    if (bound === null) return sql.length;
    depth += bound[0] === '/*' ? 1 : -1;
    if (depth === 0) return bounds.lastIndex;
  }
}

/** Without what MySQL executes inside a comment only from some version on, or only MariaDB does: whether it ran, its text does not tell. */
export function withoutConditionalComments(sql: string): string {
  return sql.replace(/\/\*(?:M!\d*|!(?:50[7-9]|5[1-9]|[6-9]\d|\d{3})\d{3})[\s\S]*?(?:\*\/|$)/g, ' ');
}

function textOf(type: SqlToken['type'], text: string): string {
  if (type === 'word') return text.toUpperCase();
  if (type === 'name') {
    const quote = text.charAt(0);
    return text.slice(1, -1).replaceAll(quote + quote, quote);
  }
  return text;
}

function isUnterminated(type: SqlToken['type'], text: string, flavour: SqlFlavour): boolean {
  switch (type) {
    case 'comment':
      return text.startsWith('/*') && (text.length < 4 || !text.endsWith('*/'));
    case 'name':
    case 'string':
      return !isClosed(text, flavour);
    case 'word':
    case 'number':
    case 'punctuation':
      return false;
  }
}

function isClosed(text: string, flavour: SqlFlavour): boolean {
  if (text.startsWith('$')) {
    const tag = text.slice(0, text.indexOf('$', 1) + 1);
    return text.length >= 2 * tag.length && text.endsWith(tag);
  }
  const opening = text.search(/['"`]/);
  const quote = text[opening];
  const escapes = quote !== '`' && (flavour === 'mysql' || /^e/i.test(text));
  for (let at = opening + 1; at < text.length; at++) {
    if (escapes && text[at] === '\\') at++;
    else if (text[at] === quote) {
      if (at === text.length - 1) return true;
      at++;
    }
  }
  return false;
}
