import { matchesWildcard, type Statement } from './policy-document';

/** What is known of a request, by condition key in lower case; a key that is absent is not in the context. */
export type Context = ReadonlyMap<string, readonly string[]>;

type Compare = (actual: string, wanted: string) => boolean;

/** Source: IAM user guide, condition operators. */
const OPERATORS: Readonly<Record<string, { readonly compare: Compare; readonly negated?: true }>> = {
  StringEquals: { compare: (actual, wanted) => actual === wanted },
  StringNotEquals: { compare: (actual, wanted) => actual === wanted, negated: true },
  StringEqualsIgnoreCase: { compare: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase() },
  StringLike: { compare: (actual, wanted) => matchesWildcard(wanted, actual) },
  StringNotLike: { compare: (actual, wanted) => matchesWildcard(wanted, actual), negated: true },
  ArnEquals: { compare: (actual, wanted) => matchesWildcard(wanted, actual) },
  ArnLike: { compare: (actual, wanted) => matchesWildcard(wanted, actual) },
  ArnNotEquals: { compare: (actual, wanted) => matchesWildcard(wanted, actual), negated: true },
  ArnNotLike: { compare: (actual, wanted) => matchesWildcard(wanted, actual), negated: true },
  Bool: { compare: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase() },
  NumericEquals: { compare: (actual, wanted) => Number(actual) === Number(wanted) },
  NumericLessThanEquals: { compare: (actual, wanted) => Number(actual) <= Number(wanted) },
  NumericGreaterThanEquals: { compare: (actual, wanted) => Number(actual) >= Number(wanted) },
};

const NAME = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/;

/** @throws Error that names an operator which the sandbox cannot judge, so that no policy is half understood */
export function checkOperators({ Condition }: Statement): void {
  for (const name of Object.keys(Condition)) {
    const [, , operator = ''] = NAME.exec(name) ?? [];
    if (operator !== 'Null' && !Object.hasOwn(OPERATORS, operator)) {
      throw new Error(`the sandbox cannot judge the condition operator '${name}'`);
    }
  }
}

export interface ConditionResult {
  readonly met: boolean;
  /** Keys that decided because they were absent. */
  readonly missingKeys: readonly string[];
}

/** Whether every condition of a statement holds. */
export function judgeConditions({ Condition }: Statement, context: Context): ConditionResult {
  const missingKeys: string[] = [];
  let met = true;
  for (const [name, keys] of Object.entries(Condition)) {
    for (const [key, wanted] of Object.entries(keys)) {
      const actual = context.get(key.toLowerCase());
      if (
        holds(
          name,
          actual,
          wanted.map((text) => fillIn(text, context)),
        )
      )
        continue;
      met = false;
      if (actual === undefined) missingKeys.push(key);
    }
  }
  return { met, missingKeys };
}

function holds(name: string, actual: readonly string[] | undefined, wanted: readonly string[]): boolean {
  const [, quantifier, operator = '', ifExists] = NAME.exec(name) ?? [];
  if (operator === 'Null') return wanted.includes(String(actual === undefined));
  const rule = OPERATORS[operator];
  if (rule === undefined) return false;
  if (actual === undefined) {
    return ifExists !== undefined || rule.negated === true || quantifier === 'ForAllValues';
  }
  const one = (value: string): boolean =>
    wanted.some((each) => rule.compare(value, each)) !== (rule.negated === true);
  if (quantifier === 'ForAllValues') return actual.every(one);
  return quantifier === 'ForAnyValue' || rule.negated !== true ? actual.some(one) : actual.every(one);
}

/** Policy variables such as `${aws:PrincipalAccount}`; one that is unknown matches nothing. */
export function fillIn(text: string, context: Context): string {
  return text.replace(/\$\{([^}]+)\}/g, (_, key: string) => context.get(key.toLowerCase())?.[0] ?? '\u0000');
}
