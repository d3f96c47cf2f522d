import { RE2JS } from 're2js';
import type { RegexLiteral } from './lexer';
import { malformed } from './malformed';

export type Matcher = (text: string) => boolean;

/**
 * Compiles a regular expression whose matching takes time linear in the text, whatever the pattern:
 * CloudWatch Logs Insights uses Hyperscan (its user guide), this RE2, and neither backtracks, so
 * neither has look-around or back-references.
 */
export function compileRegex({ source, span }: RegexLiteral): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    throw malformed(error instanceof Error ? error.message : String(error), span);
  }
}

/** True where the pattern matches anywhere in the text. */
export function regexMatcher(literal: RegexLiteral): Matcher {
  const regex = compileRegex(literal);
  return (text) => regex.test(text);
}
