import type { AuditRecord } from '../../../lib/audit/audit-record';
import { auroraMysql } from '../../../lib/audit/aurora-mysql';
import { serverAudit } from '../../../lib/audit/server-audit';

export const START = 1_767_862_800_000_000;
export const SECOND = 1_000_000;

const SQL = {
  write: 'INSERT INTO orders VALUES (1)',
  read: 'SELECT 1',
  begin: 'BEGIN',
  commit: 'COMMIT',
  rollback: 'ROLLBACK',
  off: 'SET autocommit=0',
  on: 'SET autocommit=1',
  chain: "SET completion_type='CHAIN'",
  unchain: 'SET completion_type=0',
  ddl: 'CREATE INDEX i ON orders (a)',
  lock: 'LOCK TABLES orders READ',
  unlock: 'UNLOCK TABLES',
  save: 'SAVEPOINT a',
  back: 'ROLLBACK TO a',
  duplicate: 'INSERT INTO orders VALUES (2)',
  deadlock: 'INSERT INTO orders VALUES (3)',
  'ddl-fails': 'CREATE INDEX j ON orders (a)',
  'ddl-unread': 'CREATE INDX k ON orders (a)',
  'call-notes': 'CALL note()',
  'call-commits': 'CALL finish()',
  'xa-start': "XA START 'ID'",
  'xa-end': "XA END 'ID'",
  'xa-prepare': "XA PREPARE 'ID'",
  'xa-commit': "XA COMMIT 'ID'",
  'xa-commit-one': "XA COMMIT 'ID' ONE PHASE",
  'xa-rollback': "XA ROLLBACK 'ID'",
  reconnect: '',
  'lost-and-reconnect': '',
  'change-user': '',
  'change-to-same-user': '',
  damage: 'DELETE FROM accounts',
  'damage-fails': 'DELETE FROM accounts',
} as const;
export type Action = keyof typeof SQL;

/** What other sessions do, and the damaged one besides. */
export const HARMLESS = (Object.keys(SQL) as Action[]).filter((each) => !each.startsWith('damage'));

/** What one session does, so long after what it did before. */
export interface Step {
  readonly gap: number;
  readonly action: Action;
  /** Whether table records are audited. */
  readonly tables: boolean;
}

/** `at-start`: as RDS for MySQL 8 stamps. */
export type Format = 'aurora-mysql' | 'server-audit' | 'server-audit-at-start';

export interface Truth {
  /** Instant at which a server following MySQL's rules makes the damage visible; null for never. */
  readonly effectAt: number | null;
  readonly open: boolean;
  readonly failed: boolean;
  /** In whole seconds: whether a CALL lies among them, or two changes to one user in one of them. */
  readonly isUnclear: boolean;
  readonly records: AuditRecord[];
}

/** Runs the sessions on a model of a server: each statement takes half of its gap, and commits end just before it does. */
export function play(sessions: readonly (readonly Step[])[], format: Format): Truth {
  const played = sessions.map((steps, i) => {
    const session = new Session(i, format);
    for (const step of steps) session.take(step);
    return session;
  });
  const dialect = format === 'aurora-mysql' ? auroraMysql : serverAudit('UTC');
  const records = played
    .flatMap(({ lines }) => lines)
    .map((text) => {
      const parsed = dialect.parse({ text, recordedAt: null, stream: '' });
      if (typeof parsed === 'string') throw new Error(`not a record: ${text}`);
      return parsed;
    });
  return {
    effectAt: played.find(({ effectAt }) => effectAt !== null)?.effectAt ?? null,
    open: played.some(({ isOpen }) => isOpen),
    failed: played.some(({ failed }) => failed),
    isUnclear: format !== 'aurora-mysql' && records.some((record) => isUnclear(record, records)),
    records,
  };
}

function isUnclear(record: AuditRecord, records: readonly AuditRecord[]): boolean {
  if (record.event !== 'change-user') return record.object.startsWith('CALL');
  return records.some(
    (other) =>
      other !== record &&
      other.event === 'change-user' &&
      other.executedAt === record.executedAt &&
      other.user === record.user,
  );
}

const TABLES: Partial<Record<Action, string>> = {
  write: 'WRITE,trading,orders,',
  duplicate: 'WRITE,trading,orders,',
  deadlock: 'WRITE,trading,orders,',
  damage: 'WRITE,trading,accounts,',
  'damage-fails': 'WRITE,trading,accounts,',
  ddl: 'ALTER,trading,orders,',
};

/** Errors of MySQL. */
const DUPLICATE = 1062;
const DEADLOCK = 1213;
const REFERENCED = 1451;
const SYNTAX = 1064;
const DUPLICATE_KEY_NAME = 1061;
const NO_SAVEPOINT = 1305;
const XA_UNKNOWN = 1397;
const XA_WRONG_STATE = 1399;
const XA_OUTSIDE = 1400;
const XA_DUPLICATE = 1440;

/** Within an XA transaction these are refused, and the others are not modelled. */
const REFUSED_IN_XA: readonly Action[] = ['begin', 'commit', 'rollback', 'ddl', 'ddl-fails', 'lock'];
const POSSIBLE_IN_XA: readonly Action[] = [
  'write',
  'read',
  'duplicate',
  'damage',
  'damage-fails',
  'ddl-unread',
];

class Session {
  readonly lines: string[] = [];
  effectAt: number | null = null;
  failed = false;
  private at: number;
  private query: number;
  private user: string;
  private autocommit = true;
  private began = false;
  private chains = false;
  private locks = false;
  private holdsDamage = false;
  /** Whether the damage lay before the savepoint; null without one. */
  private saved: boolean | null = null;
  private xa: 'none' | 'active' | 'idle' | 'prepared' = 'none';
  /** Whether the damage is in a prepared transaction that has outlived its connection; null without one. */
  private outlived: boolean | null = null;

  constructor(
    private readonly index: number,
    private readonly format: Format,
  ) {
    this.at = START + index * 1000;
    this.query = (index + 1) * 1000;
    this.user = `user${index}`;
    this.log(this.at, '0,CONNECT,,,0');
  }

  get isOpen(): boolean {
    return this.holdsDamage || this.outlived === true;
  }

  take({ gap, action, tables }: Step): void {
    const startedAt = this.at + Math.ceil(gap / 2);
    const endedAt = this.at + gap;
    // a commit takes effect within the last second of its statement, and after its start
    const late = Math.max(startedAt, endedAt - SECOND / 2);
    if (action === 'reconnect' || action === 'lost-and-reconnect' || action.startsWith('change-')) {
      this.beginAnew(action, endedAt);
      return;
    }
    const errorCode = this.run(action, startedAt, late);
    if (errorCode === null) return;
    this.at = endedAt;
    const id = ++this.query;
    const ran = errorCode !== XA_WRONG_STATE && errorCode !== SYNTAX;
    if (tables && ran && TABLES[action] !== undefined) {
      this.log(Math.min(endedAt, action === 'ddl' ? startedAt + 1 : startedAt), `${id},${TABLES[action]}`);
    }
    const stampedAt = this.format === 'server-audit-at-start' ? startedAt : endedAt;
    const ending = this.format === 'server-audit-at-start' ? ',,' : '';
    const statement = (number: number, sql: string, at = stampedAt): void => {
      this.log(at, `${number},QUERY,trading,'${sql.replaceAll("'", "\\'")}',${errorCode}${ending}`);
    };
    // what a procedure runs is logged before its CALL
    if (action === 'call-notes') statement(++this.query, SQL.write, startedAt);
    if (action === 'call-commits') statement(++this.query, 'COMMIT', startedAt);
    statement(id, SQL[action].replace('ID', `x${this.index}`));
  }

  private log(at: number, text: string): void {
    const stamp =
      this.format === 'aurora-mysql'
        ? String(at)
        : new Date(Math.floor(at / SECOND) * 1000)
            .toISOString()
            .slice(0, 19)
            .replaceAll('-', '')
            .replace('T', ' ');
    this.lines.push(`${stamp},db-1,${this.user},10.0.0.1,${this.index + 1},${text}`);
  }

  /** What is open is rolled back, but for a prepared transaction. */
  private beginAnew(action: Action, at: number): void {
    if (action.startsWith('change-') && this.xa === 'prepared') return;
    if (this.xa === 'prepared') this.outlived = this.holdsDamage;
    // a server gives an id again only after a restart
    this.at = at + (action.startsWith('change-') ? 0 : 2 * SECOND);
    if (action === 'reconnect') this.log(at, '0,DISCONNECT,,,0');
    if (action === 'change-user') this.user += 'b';
    this.log(this.at, action.startsWith('change-') ? '0,CHANGEUSER,trading,,0' : '0,CONNECT,,,0');
    this.end();
    this.xa = 'none';
    this.autocommit = true;
    this.chains = false;
    this.locks = false;
  }

  private end(): void {
    this.holdsDamage = false;
    this.began = false;
    this.saved = null;
  }

  private commit(at: number): void {
    if (this.holdsDamage) this.effectAt = at;
    this.end();
  }

  /** Gives the error code, 0 for none; null for what is not modelled in this state. */
  private run(action: Action, startedAt: number, late: number): number | null {
    if (action.startsWith('xa-')) return this.runXa(action, late);
    if (this.xa !== 'none') {
      if (REFUSED_IN_XA.includes(action)) return XA_WRONG_STATE;
      if (!POSSIBLE_IN_XA.includes(action)) return null;
      if (this.xa !== 'active' && action !== 'ddl-unread') {
        if (action.startsWith('damage')) this.failed = true;
        return XA_WRONG_STATE;
      }
    }
    switch (action) {
      case 'begin':
        this.commit(startedAt);
        this.began = true;
        this.locks = false;
        return 0;
      case 'commit':
        this.commit(late);
        this.began = this.chains;
        return 0;
      case 'rollback':
        this.end();
        this.began = this.chains;
        return 0;
      case 'on':
        // switching it on commits only where it was off
        if (!this.autocommit) this.commit(startedAt);
        this.autocommit = true;
        return 0;
      case 'off':
        this.autocommit = false;
        return 0;
      case 'chain':
      case 'unchain':
        this.chains = action === 'chain';
        return 0;
      case 'ddl':
      case 'ddl-fails':
        // a table that is locked for reading cannot be changed, but the commit has come
        this.commit(startedAt);
        return action === 'ddl' ? 0 : DUPLICATE_KEY_NAME;
      case 'ddl-unread':
        return SYNTAX;
      case 'lock':
        this.commit(startedAt);
        this.locks = true;
        return 0;
      case 'unlock':
        if (this.locks) this.commit(startedAt);
        this.locks = false;
        return 0;
      case 'save':
        if (this.began || !this.autocommit) this.saved = this.holdsDamage;
        return 0;
      case 'back':
        if (this.saved === null) return NO_SAVEPOINT;
        this.holdsDamage &&= this.saved;
        return 0;
      case 'damage':
        this.holdsDamage = true;
        if (this.autocommit && !this.began) this.commit(late);
        return 0;
      case 'damage-fails':
        this.failed = true;
        return REFERENCED;
      case 'duplicate':
        return DUPLICATE;
      case 'deadlock':
        this.end();
        return DEADLOCK;
      case 'call-commits':
        this.commit(startedAt);
        this.began = this.chains;
        return 0;
      default:
        return 0;
    }
  }

  private runXa(action: Action, late: number): number | null {
    if (!this.autocommit) return null;
    const hasOther = this.began || this.locks;
    switch (action) {
      case 'xa-start':
        if (this.xa !== 'none') return XA_WRONG_STATE;
        if (hasOther) return XA_OUTSIDE;
        if (this.outlived !== null) return XA_DUPLICATE;
        this.began = true;
        this.xa = 'active';
        return 0;
      case 'xa-end':
        if (this.xa !== 'active') return XA_WRONG_STATE;
        this.xa = 'idle';
        return 0;
      case 'xa-prepare':
        if (this.xa !== 'idle') return XA_WRONG_STATE;
        this.xa = 'prepared';
        return 0;
      case 'xa-commit-one':
        if (this.xa !== 'idle') return XA_WRONG_STATE;
        this.commit(late);
        this.xa = 'none';
        return 0;
      case 'xa-commit':
        if (this.xa === 'none' && this.outlived !== null && !hasOther) {
          if (this.outlived) this.effectAt = late;
          this.outlived = null;
          return 0;
        }
        if (this.xa !== 'prepared') return this.xa === 'none' ? XA_UNKNOWN : XA_WRONG_STATE;
        this.commit(late);
        this.xa = 'none';
        return 0;
      default:
        if (this.xa === 'none' && this.outlived !== null && !hasOther) {
          this.outlived = null;
          return 0;
        }
        if (this.xa === 'none' || this.xa === 'active')
          return this.xa === 'none' ? XA_UNKNOWN : XA_WRONG_STATE;
        this.end();
        this.xa = 'none';
        return 0;
    }
  }
}
