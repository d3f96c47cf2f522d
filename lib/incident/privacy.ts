import { tokenize, type SqlFlavour } from './sql-tokens';

/** Replaces every literal by `?` and empties comments, which may hold values too. */
export function maskLiterals(sql: string, flavour: SqlFlavour): string {
  let masked = '';
  let from = 0;
  const { tokens, unterminated } = tokenize(sql, flavour);
  for (const { type, start, end, written } of tokens) {
    // a quoted name without an end may hold the rest of the statement
    const isCutName = type === 'name' && unterminated && end === sql.length;
    if (type !== 'string' && type !== 'number' && type !== 'comment' && !isCutName) continue;
    masked += sql.slice(from, start) + (isCutName ? '?' : replacement(type, written, flavour));
    from = end;
  }
  return masked + sql.slice(from);
}

function replacement(type: string, written: string, flavour: SqlFlavour): string {
  if (type === 'comment') return written.startsWith('/*') ? '/*?*/' : '--';
  // the body of a DO block or a function is SQL again
  const body = /^(\$\w*\$)([\s\S]*)\1$/.exec(written);
  return body === null ? '?' : `${body[1] ?? ''}${maskLiterals(body[2] ?? '', flavour)}${body[1] ?? ''}`;
}
