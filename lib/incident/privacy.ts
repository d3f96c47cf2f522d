import { tokenize, type SqlFlavour } from './sql-tokens';

/** Replaces every literal by `?` and empties comments, which may hold values too. */
export function maskLiterals(sql: string, flavour: SqlFlavour): string {
  let masked = '';
  let from = 0;
  for (const { type, start, end, written } of tokenize(sql, flavour).tokens) {
    if (type !== 'string' && type !== 'number' && type !== 'comment') continue;
    masked += sql.slice(from, start) + replacement(type, written, flavour);
    from = end;
  }
  return masked + sql.slice(from);
}

function replacement(type: 'string' | 'number' | 'comment', written: string, flavour: SqlFlavour): string {
  if (type === 'comment') return written.startsWith('/*') ? '/*?*/' : '--';
  // the body of a DO block or a function is SQL again
  const body = /^(\$\w*\$)([\s\S]*)\1$/.exec(written);
  return body === null ? '?' : `${body[1] ?? ''}${maskLiterals(body[2] ?? '', flavour)}${body[1] ?? ''}`;
}
