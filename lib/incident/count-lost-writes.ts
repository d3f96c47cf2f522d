import type { AuditRecord } from '../audit/audit-record';
import type { LogSource } from '../audit/log-source';
import { valueOf } from '../errors';
import { epochMicros, formatWholeSecond, type EpochMicros } from '../time';
import type { Effect } from './effect';
import { identityOf } from './follow-candidates';
import { GapFinder } from './log-gaps';
import { LostWritesCounter, type LostWrites } from './lost-writes';
import { OrderBuffer } from './order-buffer';
import { flavourOf, LEAD_MICROS, type ResolveOptions, type ResolveTools } from './resolve-tools';
import { analyseQuickly } from './quick-analysis';
import { analyseSql, type StatementFacts } from './statements';
import { TransactionFollower } from './transactions';

/** What was decided before lost writes can be counted. */
export interface Decided {
  readonly restoreTo: EpochMicros;
  readonly effect: Effect;
  /** The incident's own statements, by `identityOf`. */
  readonly damage: ReadonlySet<string>;
  /** Connections of these statements. */
  readonly connections: ReadonlySet<string>;
  readonly serverHost: string;
  readonly logsTransactionControl: boolean;
}

/** Counts the committed writes of others that the restore gives up; memory does not depend on how many there are. */
export async function countLostWrites(
  source: LogSource,
  { window }: ResolveOptions,
  tools: ResolveTools,
  decided: Decided,
): Promise<{ lostWrites: LostWrites; warnings: string[] }> {
  const flavour = flavourOf(source);
  const { restoreTo, effect, damage, connections } = decided;
  tools.tell(`counting what was written after ${formatWholeSecond(restoreTo)}`);
  // what makes an identity is costly, and almost no connection is the incident's
  const counter = new LostWritesCounter(
    restoreTo,
    effect,
    (record) => connections.has(record.connectionId) && damage.has(identityOf(record)),
    flavour,
  );
  const gaps = new GapFinder(decided.serverHost);
  const follower = new TransactionFollower({
    flavour,
    logsTransactionControl: decided.logsTransactionControl,
    settle: (writes, fate) => {
      for (const write of counter.take(writes, fate)) {
        const { executedAt } = fate.kind === 'committed' ? fate.at : write.record;
        tools.exportWrite?.({ write, committedAt: executedAt });
      }
    },
  });
  // an export tells which statements the log cut, which takes reading all of each
  const analyse =
    tools.exportWrite === undefined
      ? analyseQuickly(flavour)
      : (sql: string): readonly StatementFacts[] => analyseSql(sql, flavour);
  const ordered = new OrderBuffer((record: AuditRecord) => {
    gaps.take(record);
    follower.take(record, record.event === 'statement' ? analyse(record.object) : []);
  });
  const since = epochMicros(restoreTo - LEAD_MICROS);
  valueOf(
    await source.fetchRecords(
      {
        kind: 'writes',
        window: { since, until: window.until },
        // an export holds every text
        ...(tools.exportWrite === undefined && { headsExcept: [...connections] }),
      },
      (record) => {
        ordered.take(record);
      },
      (before) => {
        ordered.settled(before);
      },
    ),
  );
  ordered.end();
  follower.end();
  const warnings = gaps.warnings();
  if (ordered.late > 0) {
    warnings.push(
      `${ordered.late} records lie further out of order in the files than is sorted: lost writes may be miscounted; give the parts of the log as files of their own`,
    );
  }
  return { lostWrites: counter.result(), warnings };
}
