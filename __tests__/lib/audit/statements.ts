import fc from 'fast-check';

export const START = 1_767_862_800_000_000;

/** Statements made of parts that decide whether they destroy, in any combination, sensible or not. */
export const statements = fc
  .tuple(
    fc.constantFrom('', ' ', '/* x */ ', '-- y\n', '(', '/*!50000 '),
    fc.constantFrom(
      'delete',
      'DELETE FROM',
      'Update',
      'TRUNCATE',
      'drop table',
      'SELECT',
      'insert into',
      'with x as (delete from',
      'frob',
      'SET',
      'alter table',
      'set statement max_statement_time=1 for delete from',
      'create or replace table',
      'analyze delete from',
    ),
    fc.constantFrom(' t', ' `t`', ' s.t', ' t a', ''),
    fc.constantFrom(
      '',
      ' set a=1',
      " set a='x', b=now(6)",
      " SET a='where b=1'",
      ' set a=(select b from c where d=1)',
      ' values (1)',
    ),
    fc.constantFrom(
      '',
      ' where 1',
      ' WHERE id=5',
      ' where id = id',
      ' where a=1 or 1=1',
      " where 'a'='a'",
      ' where id in (1,2)',
      ' where id>=id',
      ' where not 0',
      " where a like '%'",
      ' where id is not null',
      ' where a = 5 or b = 6 or true',
      ' where true = 1',
    ),
    fc.constantFrom('', ';', '; delete from t', ' limit 1', ' -- where id=1'),
  )
  .map((parts) => parts.join(''));

export const lineOf = (at: number, connection: number, text: string): string =>
  `${START + at},db-1,app,10.0.0.1,${connection},${at + 1},QUERY,db,'${text.replace(/['\\]/g, '\\$&').replaceAll('\n', '\\n')}',0`;
