/** What `${{ … }}` may name: `github`, `vars`, `steps` and so on, each a tree of texts. */
export interface Context {
  readonly [name: string]: Context | string | undefined;
}

/**
 * Evaluates the part of GitHub's expressions that the workflows use: names, texts in quotes, `==`,
 * `!=`, `!`, `&&`, `||`, parentheses, `cancelled()` and `toJSON()`. What a context lacks is the empty text, as on GitHub.
 * @throws Error where an expression holds anything else
 */
export function evaluate(expression: string, context: Context): string {
  const tokens = expression.match(/'(?:[^']|'')*'|[\w.-]+|&&|\|\||==|!=|[!()]|\S/g) ?? [];
  let at = 0;
  const take = (token: string): boolean => {
    if (tokens[at] !== token) return false;
    at += 1;
    return true;
  };
  const or = (): string => {
    let left = and();
    while (take('||')) {
      const right = and();
      left = isTrue(left) ? left : right;
    }
    return left;
  };
  const and = (): string => {
    let left = equality();
    while (take('&&')) {
      const right = equality();
      left = isTrue(left) ? right : left;
    }
    return left;
  };
  const equality = (): string => {
    const left = unary();
    if (take('==')) return String(left === unary());
    if (take('!=')) return String(left !== unary());
    return left;
  };
  const unary = (): string => {
    if (take('!')) return String(!isTrue(unary()));
    if (take('(')) {
      const value = or();
      if (!take(')')) throw new Error(`'${expression}' lacks a )`);
      return value;
    }
    const token = tokens[at++] ?? '';
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (token === 'cancelled' && take('(') && take(')')) return 'false';
    if (token === 'toJSON' && take('(')) {
      const value = JSON.stringify(context[tokens[at++] ?? '']);
      if (!take(')')) throw new Error(`'${expression}' lacks a )`);
      return value;
    }
    if (/^[a-z][\w.-]*$/.test(token)) return valueAt(context, token);
    throw new Error(`'${expression}' holds '${token}', which no workflow used so far`);
  };
  const value = or();
  if (at < tokens.length) throw new Error(`'${expression}' ends before '${tokens.slice(at).join(' ')}'`);
  return value;
}

/** Fills in each `${{ … }}` of a text. */
export function fillIn(text: string, context: Context): string {
  return text.replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) => evaluate(expression, context));
}

/** What a condition is to GitHub: the empty text is false, and so is `false`. */
export function isTrue(value: string): boolean {
  return value !== '' && value !== 'false';
}

function valueAt(context: Context, name: string): string {
  let here: Context | string | undefined = context;
  for (const part of name.split('.')) here = typeof here === 'object' ? here[part] : undefined;
  if (typeof here === 'object') throw new Error(`'${name}' is no text`);
  return here ?? '';
}
