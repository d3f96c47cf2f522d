/**
 * The brokerage's application, a process of its own: finds its database in the way that its parent tells
 * it, writes an order about every 100 ms, and reconnects when it is to write elsewhere or its connection
 * drops. It knows nothing of restores. Tells its parent over IPC what becomes of its writes.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineName } from '../engines/database-cluster';
import type {
  ApplicationOptions,
  ApplicationSettings,
  ApplicationStatus,
  LedgerOptions,
} from './application-status';
import { cached, openLookup, type DatabasePlace } from './find-database';
import { LedgerWriter } from './ledger-writer';
import { connectSession, type Session } from './session';
import { ACCOUNTS, symbolOf } from './trading-database';
import { WriteRecord, type Commit } from './write-record';

const WRITE_EVERY_MS = 100;
const TRY_AGAIN_MS = 250;
const TELL_EVERY_MS = 500;

const {
  names,
  engine,
  port,
  user,
  password,
  dnsServer,
  ledger: ledgerOptions,
  ...initial
} = JSON.parse(process.env['APPLICATION_OPTIONS'] ?? '{}') as ApplicationOptions;
const record = new WriteRecord();
let settings: ApplicationSettings = initial.settings;
let ledger: LedgerWriter | undefined;
let databaseHost: string | null = null;
let writes = 0;
let lastError: string | null = null;
let order = 0;

function tell(): void {
  const status: ApplicationStatus = {
    ...settings,
    databaseHost,
    writes,
    lastError,
    ...record.toStatus(Date.now()),
    ...(ledger !== undefined && { ledger: ledger.status() }),
  };
  process.send?.(status);
}

/** Works with one way to find the database until another one is set. */
async function work(current: ApplicationSettings): Promise<void> {
  const lookup = await openLookup(current.configuredBy, names, dnsServer);
  const find = cached(lookup, current.cacheMs, (error) => {
    lastError = String(error);
  });
  while (settings === current) {
    try {
      await workOn(await find(), current, find);
    } catch (error) {
      lastError = String(error);
      tell();
      await sleep(TRY_AGAIN_MS);
    }
  }
}

/** Writes into one database until the application is to write elsewhere, or something fails. */
async function workOn(
  place: DatabasePlace,
  current: ApplicationSettings,
  find: () => Promise<DatabasePlace>,
): Promise<void> {
  const { host } = place;
  const session = await connectSession({
    engine,
    host,
    port: place.port ?? port,
    user: place.user ?? user,
    password: place.password ?? password,
    database: 'trading',
  });
  try {
    if (databaseHost !== host) writes = 0;
    databaseHost = host;
    lastError = null;
    await lookForCommits(record.connected(host, Date.now()), session);
    // who connects by a DNS name stays with the address until the connection ends
    const byName = current.configuredBy === 'dns-record';
    const closeAt = byName ? Date.now() + current.maxConnectionMs : Infinity;
    while (settings === current && Date.now() < closeAt) {
      if (!byName && !samePlace(await find(), place)) return;
      await writeOrder(session, host);
      await sleep(WRITE_EVERY_MS);
    }
  } finally {
    // not awaited: a server that does not answer any more must not hold up the move to another
    void session.end();
  }
}

function samePlace(a: DatabasePlace, b: DatabasePlace): boolean {
  return a.host === b.host && a.port === b.port && a.user === b.user && a.password === b.password;
}

async function writeOrder(session: Session, host: string): Promise<void> {
  const n = order;
  const accountId = 1 + ((n * 53) % ACCOUNTS);
  const side = n % 2 === 0 ? 'buy' : 'sell';
  const quantity = 1 + (n % 20);
  const price = 100 + (n % 50) / 4;
  let orderId: number;
  try {
    const { insertedId } = await session.query(
      `INSERT INTO orders (account_id, symbol, side, quantity, price) VALUES (?, ?, ?, ?, ?)${RETURNING[engine]}`,
      [accountId, symbolOf(n), side, quantity, price],
    );
    orderId = insertedId ?? 0;
    record.committed(host, { orderId, accountId, at: Date.now() });
  } catch (error) {
    record.failed(host);
    throw error;
  }
  order += 1;
  writes += 1;
  await ledger?.book({ book: side, orderId, accountId, amount: quantity * price });
  tell();
}

const RETURNING: Readonly<Record<EngineName, string>> = {
  'aurora-mysql': '',
  'aurora-postgresql': ' RETURNING id',
};

/** Which of the commits that another database confirmed are not in this one. */
async function lookForCommits(commits: readonly Commit[], session: Session): Promise<void> {
  const [first] = commits;
  if (first === undefined) return;
  const { rows } = await session.query('SELECT id, account_id FROM orders WHERE id >= ?', [first.orderId]);
  const present = new Map(rows.map(({ id, account_id: account }) => [Number(id), Number(account)]));
  record.lost(commits.filter(({ orderId, accountId }) => present.get(orderId) !== accountId));
}

process.on('message', (message) => {
  settings = message as ApplicationSettings;
});
process.on('disconnect', () => process.exit(0));
// also while nothing can be written, so that a downtime shows as it grows
setInterval(tell, TELL_EVERY_MS);
void (async () => {
  if (ledgerOptions !== undefined) ledger = await openLedger(ledgerOptions);
  for (;;) await work(settings);
})();

/** Found by a parameter of its own, however the orders' database is found. */
async function openLedger(options: LedgerOptions): Promise<LedgerWriter> {
  const lookup = await openLookup('ssm-parameter', { ...names, parameter: options.parameter }, dnsServer);
  return new LedgerWriter(
    options,
    cached(lookup, initial.settings.cacheMs, () => undefined),
  );
}
