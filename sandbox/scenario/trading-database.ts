import type { Connection } from 'mysql2/promise';

export const ACCOUNTS = 2000;
const SYMBOLS = ['AMZN', 'AAPL', 'ASML', 'BRKB', 'MSFT', 'NESN', 'NVDA', 'SAPG', 'SHEL', 'TSM'];
export const symbolOf = (n: number): string => SYMBOLS[n % SYMBOLS.length] ?? 'AMZN';

const SCHEMA = [
  'CREATE DATABASE trading CHARACTER SET utf8mb4',
  `CREATE TABLE trading.instruments (
     symbol VARCHAR(12) PRIMARY KEY,
     name VARCHAR(80) NOT NULL)`,
  `CREATE TABLE trading.accounts (
     id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
     holder VARCHAR(80) NOT NULL,
     email VARCHAR(120) NOT NULL,
     balance DECIMAL(18,2) NOT NULL,
     opened_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
     updated_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
     KEY by_email (email))`,
  `CREATE TABLE trading.positions (
     account_id INT UNSIGNED NOT NULL,
     symbol VARCHAR(12) NOT NULL,
     quantity INT NOT NULL,
     updated_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
     PRIMARY KEY (account_id, symbol),
     FOREIGN KEY (symbol) REFERENCES trading.instruments (symbol))`,
  `CREATE TABLE trading.orders (
     id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
     account_id INT UNSIGNED NOT NULL,
     symbol VARCHAR(12) NOT NULL,
     side ENUM('buy','sell') NOT NULL,
     quantity INT NOT NULL,
     price DECIMAL(12,4) NOT NULL,
     placed_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
     KEY by_account (account_id, placed_at),
     KEY by_time (placed_at),
     FOREIGN KEY (symbol) REFERENCES trading.instruments (symbol))`,
  `CREATE VIEW trading.exposure AS
     SELECT symbol, SUM(quantity) AS quantity, COUNT(*) AS holders FROM trading.positions GROUP BY symbol`,
  `CREATE PROCEDURE trading.deposit(IN account INT UNSIGNED, IN amount DECIMAL(18,2))
     UPDATE trading.accounts SET balance = balance + amount WHERE id = account`,
];

/** The brokerage's people and programs, each with a database user of its own. */
export const USERS = ['trading_app', 'settlement', 'backoffice', 'intern'] as const;
export type TradingUser = (typeof USERS)[number];

/** Makes the schema, its rows (2,000 accounts, 6,000 positions, 4,000 orders) and its users. */
export async function seedTradingDatabase(
  connection: Connection,
  passwords: Readonly<Record<TradingUser, string>>,
): Promise<void> {
  for (const statement of SCHEMA) await connection.query(statement);
  const rows = <T>(amount: number, row: (n: number) => T): T[] =>
    Array.from({ length: amount }, (_, n) => row(n));
  await connection.query('INSERT INTO trading.instruments (symbol, name) VALUES ?', [
    SYMBOLS.map((symbol) => [symbol, `${symbol} common stock`]),
  ]);
  await connection.query('INSERT INTO trading.accounts (holder, email, balance) VALUES ?', [
    rows(ACCOUNTS, (n) => [`Holder ${n + 1}`, `holder.${n + 1}@example.com`, 1000 + ((n * 7919) % 90_000)]),
  ]);
  await connection.query('INSERT INTO trading.positions (account_id, symbol, quantity) VALUES ?', [
    rows(3 * ACCOUNTS, (n) => [1 + Math.floor(n / 3), symbolOf(n), 1 + ((n * 31) % 500)]),
  ]);
  await connection.query('INSERT INTO trading.orders (account_id, symbol, side, quantity, price) VALUES ?', [
    rows(2 * ACCOUNTS, (n) => [
      1 + (n % ACCOUNTS),
      symbolOf(n),
      n % 2 === 0 ? 'buy' : 'sell',
      1 + (n % 40),
      100 + (n % 90),
    ]),
  ]);
  for (const user of USERS) {
    await connection.query(`CREATE USER '${user}'@'%' IDENTIFIED BY ?`, [passwords[user]]);
    await connection.query(`GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON trading.* TO '${user}'@'%'`);
  }
}
