import { compareRows } from '../../../lib/verify/compare-rows';
import type { Database, Side } from '../../../lib/verify/database';
import { mysqlDialect } from '../../../lib/verify/mysql-dialect';
import { column, table } from './tables';

const columns = [column('id'), column('doc', 'longblob')];

function answering(side: Side, hash: string | null): Database {
  const row = { k0: '1', hash, old: '0', unchanged: '0' };
  return { side, dialect: mysqlDialect, query: () => Promise.resolve([row]) };
}

test.each([
  ['restored', null, null],
  ['restored', null, 'a'],
  ['source', 'a', null],
] as const)('a row that the %s side cannot hash is not taken for the same', async (side, here, there) => {
  const comparing = compareRows(
    answering('restored', here),
    answering('source', there),
    table('documents', columns),
    { columns },
  );

  await expect(comparing).rejects.toThrow(
    `the ${side} database could not hash a row: it is longer than its max_allowed_packet`,
  );
});
