/** A commit that the database confirmed. */
export interface Commit {
  readonly orderId: number;
  readonly accountId: number;
  /** Milliseconds since the epoch, as all times here. */
  readonly at: number;
}

export interface DatabaseWrites {
  readonly host: string;
  readonly writes: number;
  /** Sent, and answered by an error or not at all. */
  readonly failedWrites: number;
  readonly firstCommittedAt: string | null;
  readonly lastCommittedAt: string | null;
}

export interface Move {
  readonly from: string;
  readonly to: string;
  readonly at: string;
  /** From the last commit there to the first one here; null until that. */
  readonly downtimeMs: number | null;
  /** Confirmed by the database that was left, and not in the one moved to; null until counted. */
  readonly lostWrites: {
    readonly count: number;
    readonly firstAt: string | null;
    readonly lastAt: string | null;
  } | null;
}

export interface Downtime {
  readonly from: string;
  /** Null while it lasts. */
  readonly to: string | null;
  readonly durationMs: number;
}

/** Between two commits, longer than this is told as downtime. */
const DOWNTIME_OVER_MS = 1000;
/** Of moves and downtimes the newest are kept, and as many commits as can be looked for again. */
const KEPT = 50;
const KEPT_COMMITS = 100_000;

const iso = (at: number): string => new Date(at).toISOString();

/** What became of the application's writes, from its own point of view. */
export class WriteRecord {
  private host: string | undefined;
  private lastCommitAt: number | undefined;
  private readonly byHost = new Map<string, DatabaseWrites>();
  private readonly moves: Move[] = [];
  private readonly downtimes: Downtime[] = [];
  /** Confirmed by the present database. */
  private commits: Commit[] = [];

  /**
   * Tells where the application is connected now.
   * @returns what the database that was left had confirmed, to be looked for in this one
   */
  connected(host: string, now: number): readonly Commit[] {
    const from = this.host;
    this.host = host;
    if (from === undefined || from === host) return [];
    const left = this.commits;
    this.commits = [];
    keepNewest(this.moves, { from, to: host, at: iso(now), downtimeMs: null, lostWrites: null });
    return left;
  }

  lost(commits: readonly Commit[]): void {
    const [first, last] = [commits[0], commits.at(-1)];
    this.changeLastMove({
      lostWrites: {
        count: commits.length,
        firstAt: first === undefined ? null : iso(first.at),
        lastAt: last === undefined ? null : iso(last.at),
      },
    });
  }

  committed(host: string, commit: Commit): void {
    const before = this.lastCommitAt;
    const gapMs = before === undefined ? 0 : commit.at - before;
    if (before !== undefined && gapMs > DOWNTIME_OVER_MS) {
      keepNewest(this.downtimes, { from: iso(before), to: iso(commit.at), durationMs: gapMs });
    }
    if (this.moves.at(-1)?.downtimeMs === null) this.changeLastMove({ downtimeMs: gapMs });
    this.lastCommitAt = commit.at;
    this.commits.push(commit);
    if (this.commits.length > KEPT_COMMITS) this.commits.shift();
    const { writes, firstCommittedAt } = this.of(host);
    this.change(host, {
      writes: writes + 1,
      firstCommittedAt: firstCommittedAt ?? iso(commit.at),
      lastCommittedAt: iso(commit.at),
    });
  }

  failed(host: string): void {
    this.change(host, { failedWrites: this.of(host).failedWrites + 1 });
  }

  /** @param now decides whether a downtime is under way */
  toStatus(now: number): {
    databases: DatabaseWrites[];
    moves: Move[];
    downtimes: Downtime[];
    lastCommittedAt: string | null;
  } {
    const last = this.lastCommitAt;
    const down =
      last !== undefined && now - last > DOWNTIME_OVER_MS
        ? [{ from: iso(last), to: null, durationMs: now - last }]
        : [];
    return {
      databases: [...this.byHost.values()],
      moves: [...this.moves],
      downtimes: [...this.downtimes, ...down],
      lastCommittedAt: last === undefined ? null : iso(last),
    };
  }

  private of(host: string): DatabaseWrites {
    return (
      this.byHost.get(host) ?? {
        host,
        writes: 0,
        failedWrites: 0,
        firstCommittedAt: null,
        lastCommittedAt: null,
      }
    );
  }

  private change(host: string, change: Partial<DatabaseWrites>): void {
    this.byHost.set(host, { ...this.of(host), ...change });
  }

  private changeLastMove(change: Partial<Move>): void {
    const last = this.moves.pop();
    if (last !== undefined) this.moves.push({ ...last, ...change });
  }
}

function keepNewest<Item>(items: Item[], item: Item): void {
  items.push(item);
  if (items.length > KEPT) items.shift();
}
