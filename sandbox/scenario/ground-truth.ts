/** Microseconds since 1970-01-01T00:00:00Z, as the session's client measured them. */
export interface TrueStatement {
  readonly session: number;
  readonly user: string;
  readonly sql: string;
  readonly sentAtMicros: number;
  /** The server had answered: what it did took effect between `sentAtMicros` and here. */
  readonly returnedAtMicros: number;
  readonly affectedRows: number;
}

export interface TrueIncident {
  readonly name: string;
  readonly title: string;
  readonly accountsBefore: number;
  readonly statements: readonly TrueStatement[];
}

/**
 * What really happened, measured by the sessions themselves. The tool under rehearsal never sees
 * it: it serves to score the restore point afterwards (`GET /_sandbox/truth`).
 */
export class GroundTruth {
  private readonly incidents: TrueIncident[] = [];

  add(incident: TrueIncident): void {
    this.incidents.push(incident);
  }

  toJSON(): { incidents: readonly TrueIncident[] } {
    return { incidents: this.incidents };
  }
}

export function nowMicros(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}
