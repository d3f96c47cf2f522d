import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from './session';
import { ACCOUNTS, symbolOf, type TradingUser } from './trading-database';

interface Habit {
  readonly user: TradingUser;
  readonly everyMs: number;
  act(session: Session, n: number): Promise<unknown>;
}

/** What goes on in the source database whatever else happens: writers and a reader beside the application. */
const HABITS: readonly Habit[] = [
  {
    user: 'settlement',
    everyMs: 150,
    act: async (session, n) => {
      await session.query('START TRANSACTION');
      await session.query(
        'UPDATE positions SET quantity = quantity + ? WHERE account_id = ? AND symbol = ?',
        [1 + (n % 5), 1 + ((n * 37) % ACCOUNTS), symbolOf(n)],
      );
      await session.query('COMMIT');
    },
  },
  {
    user: 'backoffice',
    everyMs: 700,
    act: (session, n) =>
      session.query('UPDATE accounts SET email = ? WHERE id = ?', [
        `holder.${1 + ((n * 13) % ACCOUNTS)}+${n}@example.com`,
        1 + ((n * 13) % ACCOUNTS),
      ]),
  },
  {
    user: 'backoffice',
    everyMs: 1100,
    act: (session, n) =>
      session.query(
        'SELECT symbol, side, quantity FROM orders WHERE account_id = ? ORDER BY placed_at DESC LIMIT 5',
        [1 + ((n * 101) % ACCOUNTS)],
      ),
  },
];

/** Starts them; the returned function ends them and waits until they have. */
export function startBackgroundSessions(
  connect: (user: TradingUser) => Promise<Session>,
): () => Promise<void> {
  const stop = new AbortController();
  const running = HABITS.map((habit) => keep(habit, connect, stop.signal));
  return async () => {
    stop.abort();
    await Promise.all(running);
  };
}

async function keep(
  habit: Habit,
  connect: (user: TradingUser) => Promise<Session>,
  signal: AbortSignal,
): Promise<void> {
  for (let n = 0; !signal.aborted;) {
    try {
      const session = await connect(habit.user);
      try {
        for (; ; n += 1) {
          await habit.act(session, n);
          await sleep(habit.everyMs, undefined, { signal });
        }
      } finally {
        await session.end();
      }
    } catch {
      // the database restarts or is gone: try again as any program does, until stopped
      await sleep(500, undefined, { signal }).catch(() => undefined);
    }
  }
}
