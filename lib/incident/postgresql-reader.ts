import type { Condition } from './condition';
import { HARMLESS, readingOf, worstOf, type Reading, type SqlReader } from './sql-reader';
import { child, children, kindOf, nodesOf, textAt, type Tree } from './syntax-tree';

type Parse = (sql: string) => Tree;

/** Reads PostgreSQL by the server's own parser, the bodies of DO blocks too. */
export async function loadPostgresqlReader(): Promise<SqlReader> {
  const { loadModule, parseSync, parsePlPgSQLSync } = await import('libpg-query');
  await loadModule();
  return (sql) => {
    try {
      return readText(sql, parseSync, parsePlPgSQLSync);
    } catch {
      return null;
    }
  };
}

/** What only defines something runs nothing yet. */
const RUNS_LATER = ['PrepareStmt', 'CreateFunctionStmt', 'RuleStmt', 'ViewStmt', 'DeclareCursorStmt'];
const CHANGES = [
  ...['DeleteStmt', 'UpdateStmt', 'InsertStmt', 'MergeStmt'],
  ...['TruncateStmt', 'DropStmt', 'DropdbStmt', 'DropOwnedStmt', 'AlterTableStmt', 'DoStmt'],
];

function readText(sql: string, parse: Parse, parseBody: Parse): Reading {
  return worstOf(
    nodesOf(parse(sql), CHANGES, RUNS_LATER).map(([kind, node]) =>
      kind === 'DoStmt' ? readBlock(parseBody(sql), parse, parseBody) : readChange(kind, node),
    ),
  );
}

/** The statements of a DO block; of those that it puts together as it runs, what their literal parts show. */
function readBlock(body: Tree, parse: Parse, parseBody: Parse): Reading {
  const queries = nodesOf(body, ['PLpgSQL_stmt_execsql', 'PLpgSQL_stmt_perform']).map(([, node]) =>
    textAt(node, kindOfQuery(node), 'PLpgSQL_expr', 'query'),
  );
  const dynamic = nodesOf(body, ['PLpgSQL_stmt_dynexecute', 'PLpgSQL_stmt_dynfors']).map(([, node]) =>
    textAt(node, 'query', 'PLpgSQL_expr', 'query'),
  );
  return worstOf([
    ...queries.map((query) => readText(query, parse, parseBody)),
    ...dynamic.map((expression) => readDynamic(expression, parse, parseBody)),
  ]);
}

function kindOfQuery(node: Tree): string {
  return child(node, 'sqlstmt') === undefined ? 'expr' : 'sqlstmt';
}

function readDynamic(expression: string, parse: Parse, parseBody: Parse): Reading {
  const [target] = nodesOf(parse(`SELECT ${expression}`), ['ResTarget']);
  const literal = textAt(target?.[1], 'val', 'A_Const', 'sval', 'sval');
  if (literal !== '') return readText(literal, parse, parseBody);
  const [kind] = BY_WORD.find(([, word]) => word.test(expression)) ?? ['other' as const];
  return { kind, writes: true, unclear: kind !== 'other', tables: [] };
}

const BY_WORD = [
  ['truncate', /\btruncate\b/i],
  ['drop', /\bdrop\b/i],
  ['delete-without-where', /\bdelete\b/i],
  ['update-without-where', /\bupdate\b/i],
] as const;

const DROPS_TABLES = [
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_SCHEMA',
  'OBJECT_FOREIGN_TABLE',
];
/** With CASCADE the columns of such a type go too. */
const DROPS_COLUMNS = ['OBJECT_TYPE', 'OBJECT_DOMAIN', 'OBJECT_EXTENSION'];

function readChange(kind: string, node: Tree): Reading {
  const tables = [relationName(child(node, 'relation'))].filter(Boolean);
  switch (kind) {
    case 'DeleteStmt':
      return readingOf('delete-without-where', whereOf(node), tables);
    case 'UpdateStmt':
      return readingOf('update-without-where', whereOf(node), tables);
    case 'TruncateStmt':
      return dropping(
        'truncate',
        children(node, 'relations').map((relation) => relationName(child(relation, 'RangeVar'))),
      );
    case 'DropStmt': {
      const object = textAt(node, 'removeType');
      if (DROPS_TABLES.includes(object)) return dropping('drop', children(node, 'objects').map(objectName));
      const cascades = textAt(node, 'behavior') === 'DROP_CASCADE';
      return cascades && DROPS_COLUMNS.includes(object)
        ? dropping('drop', [])
        : { ...HARMLESS, writes: true };
    }
    case 'DropdbStmt':
      return dropping('drop', [textAt(node, 'dbname')]);
    case 'DropOwnedStmt':
      return dropping('drop', []);
    case 'AlterTableStmt': {
      const commands = children(node, 'cmds').map((command) => textAt(command, 'AlterTableCmd', 'subtype'));
      return commands.includes('AT_DropColumn')
        ? dropping('drop', tables)
        : { ...HARMLESS, writes: true, tables };
    }
    default:
      return { ...HARMLESS, writes: true, tables };
  }
}

function dropping(kind: 'truncate' | 'drop', tables: readonly string[]): Reading {
  return { kind, writes: true, unclear: false, tables };
}

function relationName(relation: Tree): string {
  return [textAt(relation, 'schemaname'), textAt(relation, 'relname')].filter(Boolean).join('.');
}

function objectName(object: Tree): string {
  const [kind, content] = kindOf(object);
  const parts = kind === 'List' ? children(content, 'items') : [object];
  return parts.map((part) => textAt(part, 'String', 'sval')).join('.');
}

function whereOf(node: Tree): Condition | null {
  const where = child(node, 'whereClause');
  return where === undefined ? null : conditionOf(where);
}

function conditionOf(tree: Tree): Condition {
  const [kind, content] = kindOf(tree);
  switch (kind) {
    case 'BoolExpr': {
      const parts = children(content, 'args').map(conditionOf);
      const [first] = parts;
      if (textAt(content, 'boolop') === 'NOT_EXPR' && first !== undefined) return { op: 'not', part: first };
      return { op: textAt(content, 'boolop') === 'AND_EXPR' ? 'and' : 'or', parts };
    }
    case 'A_Expr':
      return expressionOf(content);
    case 'A_Const':
      return constantOf(content);
    case 'ColumnRef': {
      const name = children(content, 'fields').map((field) => textAt(field, 'String', 'sval'));
      return { op: 'column', name: name.join('.') };
    }
    case 'NullTest':
      return textAt(content, 'nulltesttype') === 'IS_NOT_NULL'
        ? { op: 'is-not-null', part: conditionOf(child(content, 'arg')) }
        : other(content);
    case 'BooleanTest': {
      const test = textAt(content, 'booltesttype');
      const part = conditionOf(child(content, 'arg'));
      if (test === 'IS_TRUE' || test === 'IS_NOT_FALSE') return part;
      return test === 'IS_FALSE' || test === 'IS_NOT_TRUE' ? { op: 'not', part } : other(content);
    }
    case 'TypeCast':
      return conditionOf(child(content, 'arg'));
    default:
      return other(tree);
  }
}

function expressionOf(expression: Tree): Condition {
  const operator = children(expression, 'name')
    .map((part) => textAt(part, 'String', 'sval'))
    .join('.');
  const left = conditionOf(child(expression, 'lexpr'));
  const right = child(expression, 'rexpr');
  const items = children(right, 'List', 'items').map(conditionOf);
  switch (textAt(expression, 'kind')) {
    case 'AEXPR_OP':
      return { op: 'compare', operator, left, right: conditionOf(right) };
    case 'AEXPR_LIKE':
    case 'AEXPR_ILIKE':
      return unless(operator.startsWith('!'), { op: 'like', pattern: conditionOf(right) });
    case 'AEXPR_IN':
      return unless(operator === '<>', {
        op: 'or',
        parts: items.map((item) => ({ op: 'compare', operator: '=', left, right: item })),
      });
    case 'AEXPR_BETWEEN': {
      const [low, high] = items;
      if (low === undefined || high === undefined) return other(expression);
      return {
        op: 'and',
        parts: [
          { op: 'compare', operator: '>=', left, right: low },
          { op: 'compare', operator: '<=', left, right: high },
        ],
      };
    }
    default:
      return other(expression);
  }
}

function unless(negates: boolean, condition: Condition): Condition {
  return negates ? { op: 'not', part: condition } : condition;
}

/** The parser leaves out what is 0, false or empty. */
function constantOf(constant: Tree): Condition {
  const [kind, content] = kindOf(constant);
  switch (kind) {
    case 'isnull':
      return { op: 'constant', value: null };
    case 'boolval':
      return { op: 'constant', value: child(content, 'boolval') === true };
    case 'ival':
      return { op: 'constant', value: Number(child(content, 'ival') ?? 0) };
    case 'fval':
      return { op: 'constant', value: Number(textAt(content, 'fval')) };
    case 'sval':
      return { op: 'constant', value: literalOf(textAt(content, 'sval')) };
    default:
      return { op: 'other', readsRows: false };
  }
}

/** `WHERE 't'` and `'t'::boolean` are true. */
function literalOf(text: string): string | boolean {
  if (/^(t|true|yes|on)$/i.test(text)) return true;
  return /^(f|false|no|off)$/i.test(text) ? false : text;
}

function other(tree: Tree): Condition {
  return {
    op: 'other',
    readsRows: nodesOf({ tree }, ['ColumnRef', 'SelectStmt', 'CurrentOfExpr']).length > 0,
  };
}
