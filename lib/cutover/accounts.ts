import { accept, refuse, type Outcome, type Refusal } from '../errors';
import type { Database } from '../verify/database';
import type { Account, AccountControl } from './account-control';
import { mysqlAccounts } from './mysql-accounts';
import { postgresRoles } from './postgresql-roles';

export type AccountRefusal = Refusal<'no-such-user' | 'own-user'>;

export function accountControl({ dialect }: Database): AccountControl {
  return dialect.name === 'mysql' ? mysqlAccounts : postgresRoles;
}

/** The accounts of these users that can log in now. */
export async function fetchOpenAccounts(
  database: Database,
  users: readonly string[],
): Promise<Outcome<Account[], AccountRefusal>> {
  const control = accountControl(database);
  const own = await control.fetchOwn(database);
  if (users.includes(own)) {
    return refuse({
      reason: 'own-user',
      message: `'${own}' is the user that this step itself logs in as`,
      hint: 'set DRILL_DB_USER and DRILL_DB_PASSWORD to another user, one that may lock accounts',
    });
  }
  const found: (Account & { readonly locked: boolean })[] = [];
  for (const user of users) {
    const accounts = await control.fetch(database, user);
    if (accounts.length === 0) {
      return refuse({
        reason: 'no-such-user',
        message: `the source database has no user '${user}'`,
        hint: 'name the users by which the application connects, without their hosts',
      });
    }
    found.push(...accounts);
  }
  return accept(found.filter(({ locked }) => !locked).map(({ user, host }) => ({ user, host })));
}
