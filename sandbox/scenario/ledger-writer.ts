import type { LedgerOptions, LedgerStatus } from './application-status';
import type { DatabasePlace } from './find-database';
import { LEDGER_USER } from './ledger-database';
import { connectSession, type Session } from './session';

export interface LedgerEntry {
  readonly book: 'buy' | 'sell';
  readonly orderId: number;
  readonly accountId: number;
  readonly amount: number;
}

/** More than this is not owed to a ledger that is away. */
const OWED_AT_MOST = 10_000;

/**
 * Books orders in another cluster than theirs, one after the other. No transaction spans the two:
 * what cannot be booked is owed, and booked first when the ledger is there again.
 */
export class LedgerWriter {
  private session: { readonly place: DatabasePlace; readonly session: Session } | undefined;
  private readonly owed: LedgerEntry[] = [];
  private entries = 0;
  private host: string | null = null;
  private lastError: string | null = null;

  constructor(
    private readonly options: LedgerOptions,
    /** Keeps what it reads for a while. */
    private readonly find: () => Promise<DatabasePlace>,
  ) {}

  status(): LedgerStatus {
    const { host: databaseHost, entries, lastError } = this;
    return { databaseHost, entries, owed: this.owed.length, lastError };
  }

  /** Books it, and what is owed before it. Never fails: the order that it is about has been committed. */
  async book(entry: LedgerEntry): Promise<void> {
    this.owed.push(entry);
    if (this.owed.length > OWED_AT_MOST) this.owed.shift();
    try {
      const session = await this.connect();
      for (let next = this.owed[0]; next !== undefined; next = this.owed[0]) {
        await session.query('INSERT INTO entries (book, order_id, account_id, amount) VALUES (?, ?, ?, ?)', [
          next.book,
          next.orderId,
          next.accountId,
          next.amount,
        ]);
        this.owed.shift();
        this.entries += 1;
      }
      this.lastError = null;
    } catch (error) {
      this.lastError = String(error);
      void this.session?.session.end();
      this.session = undefined;
    }
  }

  private async connect(): Promise<Session> {
    const place = await this.find();
    if (this.session?.place.host === place.host) return this.session.session;
    void this.session?.session.end();
    this.session = undefined;
    const { engine, port, password } = this.options;
    const session = await connectSession({
      engine,
      host: place.host,
      port,
      user: LEDGER_USER,
      password,
      database: 'ledger',
    });
    this.session = { place, session };
    if (this.host !== place.host) this.entries = 0;
    this.host = place.host;
    return session;
  }
}
