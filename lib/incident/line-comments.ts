import { tokenize } from './sql-tokens';

/** What may have been meant by a text whose line breaks a server wrote as spaces. */
export interface Rejoined {
  /** The text with its line comments ended in other places. */
  readonly texts: readonly string[];
  /** Whether there are more than were looked at. */
  readonly hasMore: boolean;
}

const MOST_TEXTS = 100;
const MOST_CHARACTERS = 1_000_000;
const NONE: Rejoined = { texts: [], hasMore: false };

/**
 * Aurora MySQL version 2 writes a line break as a space, so that a line comment seems to go on to the
 * end of the text. Where it really ended cannot be seen: at any word that may go on with the
 * statement before it or, where none is before it, begin one.
 */
export function rejoined(sql: string): Rejoined {
  if (sql.includes('\n') || !/--\s|#/.test(sql)) return NONE;
  const texts: string[] = [];
  const waiting = [sql];
  for (let text = waiting.shift(); text !== undefined; text = waiting.shift()) {
    for (const next of continuations(text)) {
      if (texts.length === MOST_TEXTS || texts.length * sql.length > MOST_CHARACTERS)
        return { texts, hasMore: true };
      texts.push(next);
      waiting.push(next);
    }
  }
  return { texts, hasMore: false };
}

function* continuations(sql: string): Generator<string> {
  const { tokens } = tokenize(sql, 'mysql');
  const at = tokens.findIndex(({ type, written }) => type === 'comment' && !written.startsWith('/*'));
  const comment = tokens[at];
  if (comment === undefined) return;
  const before = tokens.slice(0, at).findLast(({ type }) => type !== 'comment');
  const isBegun = before !== undefined && before.text !== ';';
  const word = isBegun ? (NEEDS_MORE.test(before.text) ? /\S+/g : GOES_ON) : BEGINS;
  for (const { index } of comment.written.matchAll(word)) {
    if (index > 0) yield `${sql.slice(0, comment.start)} ${sql.slice(comment.start + index)}`;
  }
}

/** Behind which any word may come that decides what the statement does. */
const NEEDS_MORE = /^(?:WHERE|AND|OR|XOR|NOT|[=<>!|&(,])$/;
const GOES_ON = /(?<!\w)(?:where|or|xor|and|set|from|table|join|on|order|limit|transaction)(?!\w)|\|\||;/gi;
/** Words with which statements begin, where what has to follow does. */
const BEGINS = new RegExp(
  `(?<!\\w)(?:${[
    'delete(?=\\b.{0,2000}\\bfrom\\b)',
    'update(?=\\b.{0,2000}\\bset\\b)',
    '(?:insert|replace)(?=\\b.{0,2000}\\b(?:values?|set|select|table)\\b)',
    '(?:select|with|call|execute|prepare|explain|show|use|do|load\\s+data|flush|lock|unlock|xa|handler)(?=\\s+\\S)',
    '(?:truncate|drop|alter|create|rename|grant|revoke|analyze|optimize|repair|check)(?=\\s+\\S)',
    'set(?=\\s[^=]{0,200}=|\\s+(?:names|password|role|default|statement|transaction)\\b)',
    '(?:commit|rollback)(?=(?:\\s+(?:work|and|no|chain|release))*\\s*(?:;|$))',
    'rollback(?=\\s+(?:work\\s+)?to\\b)',
    '(?:savepoint|release\\s+savepoint)(?=\\s+\\S+\\s*(?:;|$))',
    'begin(?=(?:\\s+work)?\\s*(?:;|$))',
    'start\\s+transaction\\b',
  ].join('|')})(?!\\w)`,
  'gi',
);
