import { onlyRow, QueryError, textOf, type Database } from '../verify/database';
import type { Account, AccountControl } from './account-control';

/** MySQL and MariaDB: the same user may have several accounts, each for the hosts that it comes from. */
export const mysqlAccounts: AccountControl = {
  fetchOwn: async (database) =>
    textOf(onlyRow(await database.query("SELECT SUBSTRING_INDEX(USER(), '@', 1) AS own")), 'own'),
  fetch,
  setLocked,
  endSession,
};

/** Where an account's lock is kept differs. Source: MySQL's mysql.user, MariaDB's mysql.global_priv. */
async function fetch(database: Database, user: string): Promise<(Account & { readonly locked: boolean })[]> {
  const version = textOf(onlyRow(await database.query('SELECT VERSION() AS version')), 'version');
  const sql = version.includes('MariaDB')
    ? "SELECT User, Host, COALESCE(JSON_VALUE(Priv, '$.account_locked'), '0') AS locked FROM mysql.global_priv WHERE User = ?"
    : 'SELECT User, Host, account_locked AS locked FROM mysql.user WHERE User = ?';
  const rows = await database.query(sql, [user]);
  return rows.map((row) => ({
    user: textOf(row, 'User'),
    host: textOf(row, 'Host'),
    locked: ['Y', '1', 'true'].includes(textOf(row, 'locked')),
  }));
}

async function setLocked(database: Database, accounts: readonly Account[], locked: boolean): Promise<void> {
  // sessions of ours can only read unless told otherwise
  await database.query('SET SESSION TRANSACTION READ WRITE');
  for (const { user, host } of accounts) {
    await database.query(`ALTER USER ?@? ACCOUNT ${locked ? 'LOCK' : 'UNLOCK'}`, [user, host]);
  }
}

/** On RDS only its own procedure may end another user's session; elsewhere there is no such procedure. */
async function endSession(database: Database, id: string): Promise<void> {
  try {
    await database.query('CALL mysql.rds_kill(?)', [Number(id)]);
  } catch (error) {
    if (codeOf(error) === 'ER_NO_SUCH_THREAD') return;
    if (codeOf(error) !== 'ER_SP_DOES_NOT_EXIST') throw error;
    await kill(database, id);
  }
}

async function kill(database: Database, id: string): Promise<void> {
  try {
    await database.query(`KILL ${Number(id)}`);
  } catch (error) {
    if (codeOf(error) !== 'ER_NO_SUCH_THREAD') throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof QueryError ? error.code : undefined;
}
