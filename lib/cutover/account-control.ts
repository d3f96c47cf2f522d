import type { Database } from '../verify/database';

/** A right to log in. */
export interface Account {
  readonly user: string;
  /** The hosts that it may come from, as MySQL writes them; `%` for any. */
  readonly host: string;
}

/** How one engine keeps accounts and sessions. */
export interface AccountControl {
  /** The user that this session has logged in as. */
  readonly fetchOwn: (database: Database) => Promise<string>;
  readonly fetch: (database: Database, user: string) => Promise<(Account & { readonly locked: boolean })[]>;
  /** Locks accounts, or opens them again. Open sessions go on. */
  readonly setLocked: (database: Database, accounts: readonly Account[], locked: boolean) => Promise<void>;
  /** One that ended by itself meanwhile is no error. */
  readonly endSession: (database: Database, id: string) => Promise<void>;
}
