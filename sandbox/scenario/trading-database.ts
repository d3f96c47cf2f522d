import { connectSession, type Session, type SessionTarget, type SqlValue } from './session';
import { CREATE_DATABASE, CREATE_USER, SCHEMA } from './trading-schema';

export const ACCOUNTS = 2000;
const SYMBOLS = ['AMZN', 'AAPL', 'ASML', 'BRKB', 'MSFT', 'NESN', 'NVDA', 'SAPG', 'SHEL', 'TSM'];
export const symbolOf = (n: number): string => SYMBOLS[n % SYMBOLS.length] ?? 'AMZN';

/** The brokerage's people and programs, each with a database user of its own. */
export const USERS = ['trading_app', 'settlement', 'backoffice', 'intern'] as const;
export type TradingUser = (typeof USERS)[number];

/** Makes the database `trading` with its rows (2,000 accounts, 6,000 positions, 4,000 orders) and its users. */
export async function seedTradingDatabase(
  master: Omit<SessionTarget, 'database'>,
  passwords: Readonly<Record<TradingUser, string>>,
): Promise<void> {
  await within(master, (session) => session.query(CREATE_DATABASE[master.engine]));
  await within({ ...master, database: 'trading' }, async (session) => {
    for (const statement of SCHEMA[master.engine]) await session.query(statement);
    await fill(session);
    const users = USERS.flatMap((user) => CREATE_USER[master.engine](user, passwords[user]));
    for (const statement of users) await session.query(statement);
  });
}

async function within(target: SessionTarget, work: (session: Session) => Promise<unknown>): Promise<void> {
  const session = await connectSession(target);
  try {
    await work(session);
  } finally {
    await session.end();
  }
}

async function fill(session: Session): Promise<void> {
  const insert = (
    table: string,
    columns: string,
    rows: readonly (readonly SqlValue[])[],
  ): Promise<unknown> => {
    const values = rows.map((row) => `(${row.map(() => '?').join(', ')})`).join(', ');
    return session.query(`INSERT INTO ${table} (${columns}) VALUES ${values}`, rows.flat());
  };
  const rows = <T>(amount: number, row: (n: number) => T): T[] =>
    Array.from({ length: amount }, (_, n) => row(n));
  await insert(
    'instruments',
    'symbol, name',
    SYMBOLS.map((symbol) => [symbol, `${symbol} common stock`]),
  );
  await insert(
    'accounts',
    'holder, email, balance',
    rows(ACCOUNTS, (n) => [`Holder ${n + 1}`, `holder.${n + 1}@example.com`, 1000 + ((n * 7919) % 90_000)]),
  );
  await insert(
    'positions',
    'account_id, symbol, quantity',
    rows(3 * ACCOUNTS, (n) => [1 + Math.floor(n / 3), symbolOf(n), 1 + ((n * 31) % 500)]),
  );
  await insert(
    'orders',
    'account_id, symbol, side, quantity, price',
    rows(2 * ACCOUNTS, (n) => [
      1 + (n % ACCOUNTS),
      symbolOf(n),
      n % 2 === 0 ? 'buy' : 'sell',
      1 + (n % 40),
      100 + (n % 90),
    ]),
  );
}
