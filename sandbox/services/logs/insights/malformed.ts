import { AwsError } from '../../../protocols/operation';

/** A stretch of the query text: offsets in UTF-16 units, `end` one past the last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** MalformedQueryException with `queryCompileError`, as StartQuery answers a query that cannot be compiled. */
export function malformed(message: string, { start, end }: Span): AwsError {
  return new AwsError('MalformedQueryException', message, 400, {
    queryCompileError: { location: { startCharOffset: start, endCharOffset: end }, message },
  });
}

/** A query that reads well and still makes no sense; AWS appends the place to these messages. */
export function senseless(message: string, span: Span): AwsError {
  return malformed(`${message} ([${span.start},${span.end}])`, span);
}

/** A symbol that the grammar does not allow where it stands, in AWS's words. */
export function unexpectedSymbol(query: string, symbol: string, span: Span, hint = ''): AwsError {
  const before = query.slice(0, span.start).split('\n');
  const position = before.at(-1)?.length ?? 0;
  return malformed(
    `unexpected symbol found ${symbol} at line ${before.length} and position ${position}${hint}`,
    span,
  );
}
