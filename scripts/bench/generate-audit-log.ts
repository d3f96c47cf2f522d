import { closeSync, openSync, writeSync } from 'node:fs';

/** What a generated log holds, for a benchmark to hold an answer against. */
export interface GeneratedLog {
  readonly bytes: number;
  readonly lines: number;
  /** When the incident's COMMIT was logged, in microseconds. */
  readonly committedAt: number;
}

export interface GenerateOptions {
  readonly path: string;
  readonly bytes: number;
  readonly seed: number;
  /** Writes a line for each statement: its time in microseconds, and its parts. */
  readonly format: (line: Line) => string;
}

export interface Line {
  readonly at: number;
  readonly user: string;
  readonly connection: number;
  readonly query: number;
  readonly operation: 'CONNECT' | 'DISCONNECT' | 'QUERY' | 'READ' | 'WRITE';
  readonly object: string;
}

const START = Date.UTC(2026, 0, 8, 9, 0, 0) * 1000;
const CONNECTIONS = 200;
const CHUNK_LINES = 20_000;

/**
 * Writes an audit log of a busy application: mostly reads, short transactions, updates by key, table
 * records, connections that come and go; and two thirds in, one session that deletes a whole table
 * and commits three seconds later. The same seed writes the same log.
 */
export function generateAuditLog({ path, bytes, seed, format }: GenerateOptions): GeneratedLog {
  const random = generator(seed);
  const file = openSync(path, 'w');
  let [written, lines, query, committedAt] = [0, 0, 1000, 0];
  let at = START;
  let chunk: string[] = [];
  let stage = 0;
  let stageAt = 0;
  const line = (user: string, connection: number, operation: Line['operation'], object: string): void => {
    at += 20 + Math.floor(random() * 400);
    chunk.push(format({ at, user, connection, query, operation, object }));
    lines++;
  };
  const flush = (): void => {
    written += writeSync(file, chunk.join(''));
    chunk = [];
  };
  try {
    for (let i = 0; i < CONNECTIONS; i++) line('app', 100 + i, 'CONNECT', '');
    while (written < bytes) {
      const connection = 100 + Math.floor(random() * CONNECTIONS);
      for (const [operation, sql] of step(random)) {
        query++;
        line('app', connection, operation, sql);
      }
      if (stage < INCIDENT.length && written > (bytes * 2) / 3 && at > stageAt) {
        query++;
        line('intern', 7, ...(INCIDENT[stage] ?? ['QUERY', 'SELECT 1']));
        if (stage === INCIDENT.length - 1) committedAt = at;
        stage++;
        stageAt = at + 1_500_000;
      }
      if (chunk.length >= CHUNK_LINES) flush();
    }
    flush();
  } finally {
    closeSync(file);
  }
  return { bytes: written, lines, committedAt };
}

type Step = [Line['operation'], string];

const INCIDENT: readonly Step[] = [
  ['CONNECT', ''],
  ['QUERY', 'BEGIN'],
  ['QUERY', 'DELETE FROM accounts'],
  ['QUERY', 'SELECT COUNT(*) FROM accounts'],
  ['QUERY', 'COMMIT'],
];

function step(random: () => number): Step[] {
  const id = Math.floor(random() * 1e7);
  const kind = random();
  if (kind < 0.55) {
    return [
      ['READ', 'orders'],
      [
        'QUERY',
        `SELECT o.id, o.state, o.total, a.name FROM orders o JOIN accounts a ON a.id = o.account_id WHERE o.id = ${id} AND a.region = 'eu-${id % 9}'`,
      ],
    ];
  }
  if (kind < 0.75) {
    return [
      ['WRITE', 'orders'],
      ['QUERY', `UPDATE orders SET state = 'shipped, tracked', changed_at = NOW(6) WHERE id = ${id}`],
    ];
  }
  if (kind < 0.8) return [['QUERY', `DELETE FROM sessions WHERE token = '${id.toString(36).repeat(4)}'`]];
  if (kind < 0.85) return [['QUERY', "SET NAMES utf8mb4, SESSION sql_mode = 'STRICT_TRANS_TABLES'"]];
  return [
    ['QUERY', 'BEGIN'],
    ['WRITE', 'orders'],
    [
      'QUERY',
      `INSERT INTO orders (id, account_id, symbol, quantity, note) VALUES (${id}, ${id % 5000}, 'ACME', ${id % 97}, 'customer asked to delete from basket, it''s fine')`,
    ],
    ['WRITE', 'positions'],
    [
      'QUERY',
      `UPDATE positions SET quantity = quantity + ${id % 97} WHERE account_id = ${id % 5000} AND symbol = 'ACME'`,
    ],
    ['QUERY', 'COMMIT'],
  ];
}

/** Aurora MySQL's advanced auditing. */
export function auroraLine({ at, user, connection, query, operation, object }: Line): string {
  const head = `${at},trading-1,${user},10.0.3.17,${connection},`;
  if (operation === 'QUERY') return `${head}${query},QUERY,trading,'${object.replace(/['\\]/g, '\\$&')}',0\n`;
  if (operation === 'CONNECT' || operation === 'DISCONNECT') return `${head}0,${operation},,,0\n`;
  return `${head}${query},${operation},trading,${object},\n`;
}

/** Aurora PostgreSQL's log with pgaudit, for pgBadger. */
export function pgauditLine({ at, user, connection, query, operation, object }: Line): string {
  const time = new Date(Math.floor(at / 1000)).toISOString().slice(0, 19).replace('T', ' ');
  const head = `${time} UTC:10.0.3.17(${connection}):${user}@trading:[${connection}]:LOG:  `;
  if (operation !== 'QUERY') return `${head}duration: 0.${query % 1000} ms\n`;
  const kind = object.startsWith('SELECT')
    ? 'READ,SELECT'
    : /^(BEGIN|COMMIT|SET)/.test(object)
      ? 'MISC,SET'
      : 'WRITE,UPDATE';
  return `${head}AUDIT: SESSION,${query},1,${kind},,,"${object.replaceAll('"', '""')}",<not logged>\n`;
}

/** MySQL's slow query log, for pt-query-digest. */
export function slowLogLine({ at, user, connection, operation, object }: Line): string {
  if (operation !== 'QUERY') return '';
  const time = new Date(Math.floor(at / 1000)).toISOString().slice(0, 19);
  return `# Time: ${time}.${String(at % 1_000_000).padStart(6, '0')}Z\n# User@Host: ${user}[${user}] @  [10.0.3.17]  Id: ${connection}\n# Query_time: 0.000${connection}  Lock_time: 0.000010 Rows_sent: 1  Rows_examined: 1\nSET timestamp=${Math.floor(at / 1_000_000)};\n${object};\n`;
}

/** Mulberry32: small, seeded, good enough to mix statements. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
