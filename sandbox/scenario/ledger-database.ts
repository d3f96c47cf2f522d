import type { EngineName } from '../engines/database-cluster';
import { connectSession, type SessionTarget } from './session';

/** Who books what the trading application trades. */
export const LEDGER_USER = 'ledger_app';

const CREATE_DATABASE: Readonly<Record<EngineName, string>> = {
  'aurora-mysql': 'CREATE DATABASE ledger CHARACTER SET utf8mb4',
  'aurora-postgresql': 'CREATE DATABASE ledger',
};

const VIEW = `CREATE VIEW turnover AS
  SELECT book, COUNT(*) AS entries, SUM(amount) AS amount FROM entries GROUP BY book`;

/** An order id is not unique here: after a restore of the orders alone it is given again. */
const SCHEMA: Readonly<Record<EngineName, readonly string[]>> = {
  'aurora-mysql': [
    'CREATE TABLE books (code VARCHAR(12) PRIMARY KEY, name VARCHAR(80) NOT NULL)',
    `CREATE TABLE entries (
       id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
       book VARCHAR(12) NOT NULL,
       order_id BIGINT UNSIGNED NOT NULL,
       account_id INT UNSIGNED NOT NULL,
       amount DECIMAL(18,2) NOT NULL,
       booked_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
       KEY by_order (order_id),
       FOREIGN KEY (book) REFERENCES books (code))`,
    VIEW,
  ],
  'aurora-postgresql': [
    'CREATE TABLE books (code varchar(12) PRIMARY KEY, name varchar(80) NOT NULL)',
    `CREATE TABLE entries (
       id bigserial PRIMARY KEY,
       book varchar(12) NOT NULL REFERENCES books (code),
       order_id bigint NOT NULL,
       account_id integer NOT NULL,
       amount numeric(18,2) NOT NULL,
       booked_at timestamptz NOT NULL DEFAULT now())`,
    'CREATE INDEX entries_by_order ON entries (order_id)',
    VIEW,
  ],
};

/** The password holds no quote. */
const CREATE_USER: Readonly<Record<EngineName, (password: string) => readonly string[]>> = {
  'aurora-mysql': (password) => [
    `CREATE USER '${LEDGER_USER}'@'%' IDENTIFIED BY '${password}'`,
    `GRANT SELECT, INSERT ON ledger.* TO '${LEDGER_USER}'@'%'`,
  ],
  'aurora-postgresql': (password) => [
    `CREATE ROLE ${LEDGER_USER} LOGIN PASSWORD '${password}'`,
    `GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO ${LEDGER_USER}`,
    `GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${LEDGER_USER}`,
  ],
};

/** Makes the database `ledger`, with two books and no entries, and its user. */
export async function seedLedgerDatabase(
  master: Omit<SessionTarget, 'database'>,
  password: string,
): Promise<void> {
  const { engine } = master;
  await runAll(master, [CREATE_DATABASE[engine]]);
  await runAll({ ...master, database: 'ledger' }, [
    ...SCHEMA[engine],
    "INSERT INTO books (code, name) VALUES ('buy', 'securities bought'), ('sell', 'securities sold')",
    ...CREATE_USER[engine](password),
  ]);
}

async function runAll(target: SessionTarget, statements: readonly string[]): Promise<void> {
  const session = await connectSession(target);
  try {
    for (const statement of statements) await session.query(statement);
  } finally {
    await session.end();
  }
}
