const QUOTE = 0x27;
const SEMICOLON = 0x3b;
const OPEN_BRACKET = 0x28;
const LOWER = 0x20;

const word = (text: string): Buffer => Buffer.from(text, 'latin1');
const [INSERT, IGNORE, INTO, REPLACE] = [word('insert'), word('ignore'), word('into'), word('replace')];
const [UPDATE, DELETE, FROM] = [word('update'), word('delete'), word('from')];
const [BEGIN, COMMIT, ROLLBACK] = [word('begin'), word('commit'), word('rollback')];
const [VALUES, SET, WHERE] = [word('values'), word('set'), word('where')];

/**
 * Where the head of a plain statement ends: `INSERT INTO t`, `REPLACE INTO t`, `UPDATE t`, `DELETE
 * FROM t`, or all of BEGIN, COMMIT and ROLLBACK without more. What follows a head changes neither the
 * table nor the kind of the write. -1 for every other statement. `from` is the statement's first
 * byte, `end` its closing quote.
 */
export function headEnd(bytes: Buffer, from: number, end: number): number {
  switch ((bytes[from] ?? 0) | LOWER) {
    case 0x69: {
      const verb = afterSpaces(bytes, afterWord(bytes, from, INSERT));
      const ignore = afterSpaces(bytes, afterWord(bytes, verb, IGNORE));
      return nameEnd(bytes, afterSpaces(bytes, afterWord(bytes, ignore === -1 ? verb : ignore, INTO)));
    }
    case 0x72: {
      const into = afterWord(bytes, afterSpaces(bytes, afterWord(bytes, from, REPLACE)), INTO);
      return into === -1
        ? wholeEnd(bytes, afterWord(bytes, from, ROLLBACK), end)
        : nameEnd(bytes, afterSpaces(bytes, into));
    }
    case 0x75:
      return nameEnd(bytes, afterSpaces(bytes, afterWord(bytes, from, UPDATE)));
    case 0x64: {
      const verb = afterSpaces(bytes, afterWord(bytes, from, DELETE));
      return nameEnd(bytes, afterSpaces(bytes, afterWord(bytes, verb, FROM)));
    }
    case 0x62:
      return wholeEnd(bytes, afterWord(bytes, from, BEGIN), end);
    case 0x63:
      return wholeEnd(bytes, afterWord(bytes, from, COMMIT), end);
    default:
      return -1;
  }
}

/** Index after the word, -1 where another one stands there (or where `at` is -1). */
function afterWord(bytes: Buffer, at: number, expected: Buffer): number {
  if (at === -1) return -1;
  for (let i = 0; i < expected.length; i++) {
    if (((bytes[at + i] ?? 0) | LOWER) !== expected[i]) return -1;
  }
  return at + expected.length;
}

/** Index after white space, -1 where there is none. */
function afterSpaces(bytes: Buffer, at: number): number {
  let i = at;
  while (at !== -1 && isSpace(bytes[i])) i++;
  return i === at ? -1 : i;
}

/** The end of a table's name that VALUES, SET, WHERE or a bracket follows. */
function nameEnd(bytes: Buffer, at: number): number {
  if (at === -1) return -1;
  let i = at;
  while (isNameByte(bytes[i])) i++;
  if (i === at) return -1;
  const next = afterSpaces(bytes, i);
  if (bytes[next === -1 ? i : next] === OPEN_BRACKET) return i;
  for (const each of [VALUES, SET, WHERE]) {
    const after = afterWord(bytes, next, each);
    if (after !== -1 && !isWordByte(bytes[after])) return i;
  }
  return -1;
}

/** The end of a statement that holds nothing more than white space and a semicolon. */
function wholeEnd(bytes: Buffer, at: number, end: number): number {
  if (at === -1) return -1;
  let i = at;
  while (i < end && isSpace(bytes[i])) i++;
  if (bytes[i] === SEMICOLON) i++;
  while (i < end && isSpace(bytes[i])) i++;
  return i === end && bytes[i] === QUOTE ? i : -1;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}

function isWordByte(byte = 0): boolean {
  const lower = byte | LOWER;
  return (lower >= 0x61 && lower <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x5f;
}

/** A letter, digit, `_`, dot or backtick. */
function isNameByte(byte = 0): boolean {
  return isWordByte(byte) || byte === 0x2e || byte === 0x60;
}
