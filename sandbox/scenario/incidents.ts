import type { EngineName } from '../engines/database-cluster';
import type { TradingUser } from './trading-database';

/** What one person types into one session, in order. */
export interface IncidentSession {
  readonly user: TradingUser;
  readonly steps: readonly ({ readonly sql: string } | { readonly pauseMs: number })[];
}

export interface Incident {
  readonly title: string;
  /** Undefined where it can happen with any. */
  readonly engine?: EngineName;
  readonly sessions: readonly IncidentSession[];
}

const LOOK = { sql: 'SELECT COUNT(*) FROM accounts' };
const PAUSE = { pauseMs: 1500 };
const DELETE = { sql: 'DELETE FROM accounts' };

/** The ways in which someone forgets a WHERE. */
const INCIDENTS: Readonly<Record<string, Incident>> = {
  'delete-in-transaction': {
    title: 'DELETE without WHERE in a transaction, committed three seconds later',
    sessions: [
      {
        user: 'intern',
        steps: [LOOK, PAUSE, { sql: 'BEGIN' }, PAUSE, DELETE, { pauseMs: 3000 }, { sql: 'COMMIT' }],
      },
    ],
  },
  'delete-autocommit': {
    title: 'DELETE without WHERE that commits by itself',
    sessions: [{ user: 'intern', steps: [LOOK, PAUSE, DELETE] }],
  },
  'delete-autocommit-off': {
    title: 'DELETE without WHERE in a session that turned autocommit off long before',
    // PostgreSQL's server has no such setting: its clients send BEGIN
    engine: 'aurora-mysql',
    sessions: [
      {
        user: 'intern',
        steps: [
          { sql: 'SET autocommit=0' },
          LOOK,
          { pauseMs: 4000 },
          DELETE,
          { pauseMs: 3000 },
          { sql: 'COMMIT' },
        ],
      },
    ],
  },
  'delete-in-cte': {
    title:
      'DELETE without WHERE inside a SELECT, which pgaudit takes for reading and does not log as a write',
    engine: 'aurora-postgresql',
    sessions: [
      {
        user: 'intern',
        steps: [
          LOOK,
          PAUSE,
          { sql: 'WITH gone AS (DELETE FROM accounts RETURNING id) SELECT COUNT(*) FROM gone' },
        ],
      },
    ],
  },
  'delete-rolled-back': {
    title: 'DELETE without WHERE that is rolled back in time',
    sessions: [
      { user: 'intern', steps: [LOOK, { sql: 'START TRANSACTION' }, DELETE, PAUSE, { sql: 'ROLLBACK' }] },
    ],
  },
  'two-deletes': {
    title: 'two people forget the WHERE, one after the other',
    sessions: [
      { user: 'intern', steps: [LOOK, DELETE] },
      { user: 'backoffice', steps: [{ pauseMs: 2500 }, { sql: 'DELETE FROM positions' }] },
    ],
  },
};

/** Those that can happen with an engine, by name; each is triggered by `POST /_sandbox/incidents/<name>`. */
export function incidentsOf(engine: EngineName): ReadonlyMap<string, Incident> {
  return new Map(Object.entries(INCIDENTS).filter(([, incident]) => (incident.engine ?? engine) === engine));
}
