import { onlyRow, textOf, type Database } from '../verify/database';
import type { Account, AccountControl } from './account-control';

/** PostgreSQL: a role logs in from anywhere that the server lets it. */
export const postgresRoles: AccountControl = {
  fetchOwn: async (database) => textOf(onlyRow(await database.query('SELECT session_user AS own')), 'own'),
  fetch,
  setLocked,
  // one that ended by itself meanwhile is no error to the server
  endSession: async (database, id) => {
    await database.query('SELECT pg_terminate_backend(?::int)', [Number(id)]);
  },
};

async function fetch(database: Database, user: string): Promise<(Account & { readonly locked: boolean })[]> {
  const rows = await database.query(
    'SELECT rolname AS name, NOT rolcanlogin AS locked FROM pg_roles WHERE rolname = ?',
    [user],
  );
  return rows.map((row) => ({
    user: textOf(row, 'name'),
    host: '%',
    locked: textOf(row, 'locked').startsWith('t'),
  }));
}

async function setLocked(database: Database, accounts: readonly Account[], locked: boolean): Promise<void> {
  // sessions of ours can only read unless told otherwise
  await database.query('SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE');
  for (const { user } of accounts) {
    await database.query(`ALTER ROLE ${database.dialect.quoted(user)} ${locked ? 'NOLOGIN' : 'LOGIN'}`);
  }
}
