import { RE2JS } from 're2js';
import { invalidParameter } from './errors';

type Matches = (message: string) => boolean;

interface Term {
  /** `?` one of those is enough, `-` must not be there, nothing: must be there. */
  readonly sign: '?' | '-' | '';
  readonly matches: Matches;
}

const TERM = /\s*([?-]?)(?:"((?:[^"\\]|\\[^])*)"|%([^%]+)%|(\w+))(?=\s|$)/y;
/** What AWS allows in a regular expression here; neither parentheses nor characters of several bytes. */
const REGEX_ALLOWED = /^[\w:#=@/;, \-^$?[\]{}|\\*+.]+$/;
const MOST_REGEXES = 2;

/**
 * The filter patterns of FilterLogEvents for unstructured messages: terms, quoted phrases and
 * `%regular expressions%`, all with regard to case, each also as `?optional` or `-excluded`. As the
 * user guide says, `?optional` terms are ignored beside others.
 * @throws AwsError InvalidParameterException, also for JSON and space-delimited patterns, which the sandbox lacks
 */
export function parseFilterPattern(pattern: string): Matches {
  const terms = parseTerms(pattern);
  const required = terms.filter(({ sign }) => sign === '');
  const excluded = terms.filter(({ sign }) => sign === '-');
  const optional = terms.filter(({ sign }) => sign === '?');
  if (optional.length > 0 && optional.length === terms.length) {
    return (message) => optional.some(({ matches }) => matches(message));
  }
  return (message) =>
    required.every(({ matches }) => matches(message)) && !excluded.some(({ matches }) => matches(message));
}

function parseTerms(pattern: string): Term[] {
  const text = pattern.trim();
  if (/^[{[]/.test(text)) {
    throw invalidParameter('the sandbox does not implement JSON and space-delimited filter patterns');
  }
  const terms: Term[] = [];
  let regexes = 0;
  TERM.lastIndex = 0;
  for (let at = 0; at < text.length; at = TERM.lastIndex) {
    const match = TERM.exec(text);
    if (match === null) throw invalidParameter(`Invalid filter pattern: '${text.slice(at).trim()}'`);
    const [, sign, phrase, regex, word] = match;
    if (regex !== undefined && ++regexes > MOST_REGEXES) {
      throw invalidParameter(`Invalid filter pattern: more than ${MOST_REGEXES} regular expressions`);
    }
    const matches = regex === undefined ? containing(phrase, word) : matching(regex);
    terms.push({ sign: sign as Term['sign'], matches });
  }
  return terms;
}

function containing(phrase: string | undefined, word: string | undefined): Matches {
  const searched = phrase?.replace(/\\([^])/g, '$1') ?? word ?? '';
  return (message) => message.includes(searched);
}

function matching(source: string): Matches {
  if (!REGEX_ALLOWED.test(source)) {
    throw invalidParameter(
      `Invalid filter pattern: a character that is not allowed in the regex '${source}'`,
    );
  }
  try {
    const regex = RE2JS.compile(source);
    return (message) => regex.test(message);
  } catch (error) {
    throw invalidParameter(
      `Invalid filter pattern: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
