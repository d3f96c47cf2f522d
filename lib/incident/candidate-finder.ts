import { compareRecords, connectionKey, type AuditRecord } from '../audit/audit-record';
import { isMeantBy, toCandidate, type Candidate, type CandidateFilter } from './candidates';
import { PreparedStatements } from './prepared-statements';
import type { SqlFlavour } from './sql-tokens';
import { analyseSql, type StatementFacts } from './statements';

interface Execution {
  readonly record: AuditRecord;
  readonly index: number;
  readonly facts: StatementFacts;
}

/**
 * Collects the statements that may be the incident, from records in any order, and those of which the
 * keywords alone do not tell. Where a server logs EXECUTE by the name of what was prepared, the
 * text is that of the PREPARE before it.
 */
export class CandidateFinder {
  /** CALLs that succeeded: a log may not hold what a procedure runs. */
  calls = 0;
  private readonly found = new Map<string, Candidate>();
  private readonly prepared = new PreparedStatements();
  private readonly executions: Execution[] = [];

  constructor(
    private readonly flavour: SqlFlavour,
    private readonly filter: CandidateFilter,
    private readonly queryLogLimit: number | null,
  ) {}

  take(record: AuditRecord): void {
    if (record.event !== 'statement') return;
    const isMeant = isMeantBy(record, this.filter, record.object);
    const mayExecute = this.flavour === 'mysql' && /\b(?:prepare|execute)\b/i.test(record.object);
    if (!isMeant && !mayExecute) return;
    if (mayExecute) this.prepared.take(record);
    for (const [index, facts] of analyseSql(record.object, this.flavour).entries()) {
      if (mayExecute && facts.verb === 'execute') this.takeExecute({ record, index, facts });
      else if (isMeant && facts.verb === 'call')
        this.calls += record.errorCode === null || record.errorCode === 0 ? 1 : 0;
      else if (isMeant && facts.verb !== 'prepare') this.add(record, facts, index, null);
    }
  }

  /** Takes a record from before the window, for what it prepares. */
  takeEarlier(record: AuditRecord): void {
    if (this.flavour === 'mysql') this.prepared.take(record);
  }

  /** EXECUTEs that succeeded, of which the PREPARE was not among the records. */
  unprepared(): AuditRecord[] {
    return this.executions
      .filter((each) => !(each.record.errorCode ?? 0) && this.prepared.textOf(each) === undefined)
      .map(({ record }) => record);
  }

  candidates(): Candidate[] {
    for (const execution of this.executions) {
      const { record, index } = execution;
      const text = this.prepared.textOf(execution);
      if (typeof text === 'string') {
        const [facts] = analyseSql(text, this.flavour);
        if (facts !== undefined && isMeantBy(record, this.filter, text)) this.add(record, facts, index, text);
      } else {
        // what was prepared before the logs, or from a variable, may be anything
        const unknown = text === null ? 'of-a-variable' : 'not-in-the-logs';
        this.add(record, { ...execution.facts, understood: false }, index, null, unknown);
      }
    }
    return [...this.found.values()];
  }

  private add(
    record: AuditRecord,
    facts: StatementFacts,
    index: number,
    text: string | null,
    prepared: Candidate['prepared'] = null,
  ): void {
    const candidate = toCandidate(
      { record, facts, index, text, prepared },
      this.filter,
      this.queryLogLimit,
      this.flavour,
    );
    if (candidate === null) return;
    // pgaudit logs an EXPLAIN and what it runs as parts of one statement, both with the whole text
    // and each statement of a packet with the text of all of them
    const isOfPacket = this.flavour === 'postgresql' && record.object.replace(/[\s;]+$/, '').includes(';');
    const statement = (isOfPacket ? null : record.queryId?.split('.')[0]) ?? String(record.executedAt);
    const key = JSON.stringify([connectionKey(record), statement, record.object, index]);
    const known = this.found.get(key);
    if (known === undefined || compareRecords(record, known.record) < 0) this.found.set(key, candidate);
  }

  private takeExecute(execution: Execution): void {
    const { record } = execution;
    // EXECUTE IMMEDIATE is logged together with the statement that it runs
    const isLoggedTwice = /\bimmediate\s*['"]/i.test(record.object);
    if (!isLoggedTwice && isMeantBy(record, { ...this.filter, match: null }, ''))
      this.executions.push(execution);
  }
}
