import type { Span } from './malformed';
import type { Matcher } from './regex';

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^';
export type CompareOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';

export type Expression = { readonly span: Span } & (
  | { readonly kind: 'literal'; readonly value: string | number }
  | { readonly kind: 'period'; readonly ms: number }
  | { readonly kind: 'star' }
  | FieldNode
  | CallNode
  | BinaryNode<'arithmetic', ArithmeticOperator>
  | BinaryNode<'compare', CompareOperator>
  | BinaryNode<'logical', 'and' | 'or'>
  | { readonly kind: 'negate' | 'not'; readonly operand: Expression }
  | { readonly kind: 'like'; readonly operand: Expression; readonly matches: Matcher }
  | { readonly kind: 'in'; readonly operand: Expression; readonly values: readonly (string | number)[] }
);

interface FieldNode {
  readonly kind: 'field';
  readonly name: string;
}

interface CallNode {
  readonly kind: 'call';
  /** In lower case. */
  readonly name: string;
  readonly args: readonly Expression[];
}

interface BinaryNode<Kind, Operator> {
  readonly kind: Kind;
  readonly operator: Operator;
  readonly left: Expression;
  readonly right: Expression;
}

export type Field = FieldNode & { readonly span: Span };
export type Call = CallNode & { readonly span: Span };

/** One column: an expression and what it is called, which without `as` is the text as written. */
export interface Item {
  readonly expression: Expression;
  readonly name: string;
  readonly aliased: boolean;
  readonly span: Span;
}

export interface Name {
  readonly name: string;
  readonly span: Span;
}

export type Command = { readonly span: Span } & (
  | { readonly kind: 'fields' | 'display'; readonly items: readonly Item[] }
  | { readonly kind: 'filter'; readonly condition: Expression }
  | {
      readonly kind: 'parse';
      readonly source: Expression;
      readonly names: readonly Name[];
      /** The captured texts by name; undefined where the pattern does not match. */
      readonly capture: (text: string) => ReadonlyMap<string, string> | undefined;
    }
  | {
      readonly kind: 'sort';
      readonly keys: readonly { readonly field: Field; readonly descending: boolean }[];
    }
  | { readonly kind: 'limit'; readonly count: number }
  | { readonly kind: 'stats'; readonly items: readonly Item[]; readonly by: readonly Item[] }
  | { readonly kind: 'dedup'; readonly fields: readonly Field[] }
);
