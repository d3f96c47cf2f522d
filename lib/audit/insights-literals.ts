/** Characters that every log writes as they are, whatever it escapes; other ones may be written otherwise or have two cases. */
const PLAIN = /[\w ,.;:=<>()*/%+@-]/;
/** Shorter texts stand in every line. */
const LEAST_LENGTH = 3;

/**
 * Texts of which any match of a regular expression holds one: the longest run of plain characters of
 * each alternative. Null where an alternative has none, so that nothing can be asked for.
 */
export function requiredLiterals(source: string): string[] | null {
  const alternatives = runsOf(source).map((runs) =>
    runs.reduce((a, b) => (b.trim().length > a.trim().length ? b : a), ''),
  );
  return alternatives.every((run) => run.trim().length >= LEAST_LENGTH) ? alternatives : null;
}

/** For each alternative its runs of characters that stand for themselves. Groups and classes are passed over. */
function runsOf(source: string): string[][] {
  const alternatives: string[][] = [[]];
  let run = '';
  const endRun = (): void => {
    alternatives.at(-1)?.push(run);
    run = '';
  };
  for (let i = 0; i < source.length; i++) {
    const char = source[i] ?? '';
    switch (char) {
      case '|':
        endRun();
        alternatives.push([]);
        break;
      case '(':
        endRun();
        i = groupEnd(source, i);
        break;
      case '[':
        endRun();
        i = classEnd(source, i);
        break;
      case '*':
      case '?':
      case '{':
        // the character before may be missing
        run = run.slice(0, -1);
        endRun();
        if (char === '{') i = boundEnd(source, i);
        break;
      case '\\': {
        const escaped = source[++i] ?? '';
        if (/\W/.test(escaped) && PLAIN.test(escaped)) run += escaped;
        else {
          endRun();
          // what goes on after \x, \u or \c is no text of its own
          if (/[xuckpP\d]/.test(escaped)) return [[]];
        }
        break;
      }
      default:
        if (PLAIN.test(char) && char !== '.' && char !== '+') run += char;
        else endRun();
    }
  }
  endRun();
  return alternatives;
}

/** Index of the bracket that closes the group. */
function groupEnd(source: string, open: number): number {
  let depth = 0;
  for (let i = open; i < source.length; i++) {
    const char = source[i];
    if (char === '\\') i++;
    else if (char === '[') i = classEnd(source, i);
    else if (char === '(') depth++;
    else if (char === ')' && --depth === 0) return i;
  }
  return source.length;
}

function classEnd(source: string, open: number): number {
  for (let i = open + 1; i < source.length; i++) {
    if (source[i] === '\\') i++;
    else if (source[i] === ']') return i;
  }
  return source.length;
}

/** Index of the last character of a quantifier such as `{2,3}`; that of the bracket where it is none. */
function boundEnd(source: string, open: number): number {
  return open + (/^\{\d+(?:,\d*)?\}/.exec(source.slice(open))?.[0].length ?? 1) - 1;
}
