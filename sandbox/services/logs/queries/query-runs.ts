import { AwsError } from '../../../protocols/operation';
import { QueryRun, type NewQueryRun } from './query-run';

/** All queries that were ever started, and how many may run at once. */
export class QueryRuns {
  private readonly runs = new Map<string, QueryRun>();

  constructor(private readonly concurrentQueries: number) {}

  start(options: Omit<NewQueryRun, 'number'>): QueryRun {
    const active = [...this.runs.values()].filter((run) => run.isActive).length;
    if (active >= this.concurrentQueries) {
      throw new AwsError(
        'LimitExceededException',
        `Account maximum query concurrency limit of [${this.concurrentQueries}] reached.`,
      );
    }
    const run = new QueryRun({ ...options, number: this.runs.size });
    this.runs.set(run.id, run);
    return run;
  }

  find(id: string): QueryRun {
    const run = this.runs.get(id);
    if (run === undefined) throw new AwsError('ResourceNotFoundException', `Query ${id} does not exist.`);
    return run;
  }

  /** The latest first. */
  list(): QueryRun[] {
    return [...this.runs.values()].reverse();
  }

  /** Ends those that run and forgets all. */
  close(): void {
    for (const run of this.runs.values()) if (run.isActive) run.cancel();
    this.runs.clear();
  }
}
