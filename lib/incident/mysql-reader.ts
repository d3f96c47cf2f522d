import type { Condition } from './condition';
import { HARMLESS, readingOf, worstOf, type Reading, type SqlReader } from './sql-reader';
import { child, children, kindOf, nodesOf, textAt, type Tree } from './syntax-tree';

/** Reads MySQL and MariaDB by Apache DataFusion's parser. */
export async function loadMysqlReader(): Promise<SqlReader> {
  const { init, Parser } = await import('@guanmingchiu/sqlparser-ts');
  await init();
  return (sql) => {
    try {
      const statements: readonly Tree[] = Parser.parse(sql, 'mysql');
      return worstOf(statements.map(readStatement));
    } catch {
      // not understood, or so deep that the stack ends
      return null;
    }
  };
}

/** By what each of them certainly holds. */
const CHANGES: Readonly<Record<string, string>> = {
  Delete: 'from',
  Update: 'assignments',
  Insert: 'columns',
};
const DROPS_DATA = ['Table', 'View', 'MaterializedView', 'Database', 'Schema'];
const ALTERS_AWAY = ['DropColumn', 'DropPartitions'];

function readStatement(statement: Tree): Reading {
  const [kind, content] = kindOf(statement);
  switch (kind) {
    case 'Delete':
    case 'Update':
    case 'Query':
    case 'Insert':
      return worstOf(
        nodesOf(statement, Object.keys(CHANGES))
          // a change below WITH is wrapped in a node of its own name
          .filter(([change, node]) => child(node, CHANGES[change] ?? '') !== undefined)
          .map(([change, node]) => readChange(change, node)),
      );
    case 'Truncate':
      return dropping(
        'truncate',
        children(content, 'table_names').map((table) => nameOf(child(table, 'name'))),
      );
    case 'Drop':
      return DROPS_DATA.includes(textAt(content, 'object_type')) && child(content, 'temporary') !== true
        ? dropping('drop', children(content, 'names').map(nameOf))
        : { ...HARMLESS, writes: true };
    case 'AlterTable': {
      const tables = [nameOf(child(content, 'name'))];
      const isLoss = children(content, 'operations').some((operation) =>
        ALTERS_AWAY.includes(kindOf(operation)[0]),
      );
      return isLoss ? dropping('drop', tables) : { ...HARMLESS, writes: true, tables };
    }
    case 'CreateTable':
      return child(content, 'or_replace') === true
        ? dropping('drop', [nameOf(child(content, 'name'))])
        : { ...HARMLESS, writes: true, tables: [nameOf(child(content, 'name'))] };
    default:
      return HARMLESS;
  }
}

function dropping(kind: 'truncate' | 'drop', tables: readonly string[]): Reading {
  return { kind, writes: true, unclear: false, tables };
}

function readChange(kind: string, node: Tree): Reading {
  if (kind === 'Delete') return readingOf('delete-without-where', whereOf(node), deletedTables(node));
  if (kind === 'Update') return readingOf('update-without-where', whereOf(node), updatedTables(node));
  return { ...HARMLESS, writes: true, tables: [nameOf(child(node, 'table', 'TableName'))].filter(Boolean) };
}

function whereOf(node: Tree): Condition | null {
  const selection = child(node, 'selection');
  return selection === undefined || selection === null ? null : conditionOf(selection);
}

/** `DELETE FROM t`, `DELETE a, b FROM …` and `DELETE FROM a, b USING …`, whose names may be aliases. */
function deletedTables(node: Tree): string[] {
  const from = childrenOf(kindOf(child(node, 'from'))[1]);
  const named = children(node, 'tables').map(nameOf);
  if (named.length > 0) return named.map((name) => resolved(name, from));
  const using = children(node, 'using');
  return relationsIn(from).map(({ name }) => resolved(name, using));
}

function childrenOf(tree: Tree): readonly Tree[] {
  return Array.isArray(tree) ? (tree as readonly Tree[]) : [];
}

/** Those whose columns are set by their name or alias; a column without either may be of any of them. */
function updatedTables(node: Tree): string[] {
  const table = child(node, 'table');
  const all = relationsIn([table]).map(({ name }) => name);
  const columns = children(node, 'assignments').map((assignment) =>
    nameOf(child(assignment, 'target', 'ColumnName')),
  );
  if (all.length < 2 || columns.some((column) => !column.includes('.'))) return [...new Set(all)];
  const prefixes = columns.map((column) => column.slice(0, column.lastIndexOf('.')));
  return [...new Set(prefixes.map((name) => resolved(name, [table])))];
}

function relationsIn(tablesWithJoins: readonly Tree[]): { name: string; alias: string }[] {
  return tablesWithJoins
    .flatMap((each) => [
      child(each, 'relation'),
      ...children(each, 'joins').map((join) => child(join, 'relation')),
    ])
    .map((relation) => child(relation, 'Table'))
    .filter((relation) => relation !== undefined)
    .map((relation) => ({
      name: nameOf(child(relation, 'name')),
      alias: textAt(relation, 'alias', 'name', 'value'),
    }));
}

function resolved(name: string, tablesWithJoins: readonly Tree[]): string {
  const wanted = name.toLowerCase();
  return relationsIn(tablesWithJoins).find(({ alias }) => alias.toLowerCase() === wanted)?.name ?? name;
}

function nameOf(parts: Tree): string {
  return childrenOf(parts)
    .map((part) => textAt(part, 'Identifier', 'value') || textAt(part, 'value'))
    .join('.');
}

const OPERATORS: Readonly<Record<string, string>> = {
  Eq: '=',
  NotEq: '<>',
  Lt: '<',
  Gt: '>',
  LtEq: '<=',
  GtEq: '>=',
  Spaceship: '<=>',
};

function conditionOf(tree: Tree): Condition {
  const [kind, content] = kindOf(tree);
  const part = (key: string): Condition => conditionOf(child(content, key));
  switch (kind) {
    case 'Nested':
      return conditionOf(content);
    case 'BinaryOp': {
      const operator = textAt(content, 'op');
      if (operator === 'And' || operator === 'Or') {
        return { op: operator === 'And' ? 'and' : 'or', parts: [part('left'), part('right')] };
      }
      return {
        op: 'compare',
        operator: OPERATORS[operator] ?? operator,
        left: part('left'),
        right: part('right'),
      };
    }
    case 'UnaryOp':
      return ['Not', 'BangNot'].includes(textAt(content, 'op'))
        ? { op: 'not', part: part('expr') }
        : other(content);
    case 'Value':
      return constantOf(child(content, 'value'));
    case 'Identifier':
      return { op: 'column', name: textAt(content, 'value').toLowerCase() };
    case 'CompoundIdentifier':
      return { op: 'column', name: nameOf(content).toLowerCase() };
    case 'IsNotNull':
      return { op: 'is-not-null', part: conditionOf(content) };
    case 'IsTrue':
    case 'IsNotFalse':
      return conditionOf(content);
    case 'IsFalse':
    case 'IsNotTrue':
      return { op: 'not', part: conditionOf(content) };
    case 'Like':
      return unless(child(content, 'negated'), { op: 'like', pattern: part('pattern') });
    case 'InList':
      return unless(child(content, 'negated'), {
        op: 'or',
        parts: children(content, 'list').map((item) => equals(part('expr'), conditionOf(item))),
      });
    case 'Between':
      return unless(child(content, 'negated'), {
        op: 'and',
        parts: [
          { op: 'compare', operator: '>=', left: part('expr'), right: part('low') },
          { op: 'compare', operator: '<=', left: part('expr'), right: part('high') },
        ],
      });
    default:
      return other(content);
  }
}

function unless(negates: Tree, condition: Condition): Condition {
  return negates === true ? { op: 'not', part: condition } : condition;
}

function equals(left: Condition, right: Condition): Condition {
  return { op: 'compare', operator: '=', left, right };
}

function constantOf(value: Tree): Condition {
  const [kind, content] = kindOf(value);
  if (kind === 'Null') return { op: 'constant', value: null };
  if (kind === 'Boolean') return { op: 'constant', value: content === true };
  // with ANSI_QUOTES a column
  if (kind === 'DoubleQuotedString') return { op: 'other', readsRows: true };
  if (kind === 'Number') return { op: 'constant', value: Number(childrenOf(content)[0]) };
  return typeof content === 'string' ? { op: 'constant', value: content } : { op: 'other', readsRows: false };
}

function other(tree: Tree): Condition {
  // a function's name is an identifier too
  const reads = nodesOf(tree, ['Identifier', 'CompoundIdentifier', 'Select'], ['name']);
  return { op: 'other', readsRows: reads.length > 0 };
}
