import type { EngineName } from '../engines/database-cluster';
import type { ConfigurationNames, ConfiguredBy } from './find-database';
import type { DatabaseWrites, Downtime, Move } from './write-record';

/** How the application finds its database; can be changed while it runs. */
export interface ApplicationSettings {
  readonly configuredBy: ConfiguredBy;
  /** For how long it keeps what it has read; DNS records tell that themselves. */
  readonly cacheMs: number;
  /** Of `dns-record`: how long a connection lives at the most, as connection pools limit it. */
  readonly maxConnectionMs: number;
}

/** A second cluster that every order is booked in. */
export interface LedgerOptions {
  /** Of the parameter that holds its host. */
  readonly parameter: string;
  readonly engine: EngineName;
  readonly port: number;
  readonly password: string;
}

export interface LedgerStatus {
  readonly databaseHost: string | null;
  /** Booked since it moved to this host. */
  readonly entries: number;
  /** Of orders that were committed and could not be booked yet. */
  readonly owed: number;
  readonly lastError: string | null;
}

export interface ApplicationOptions {
  readonly settings: ApplicationSettings;
  readonly names: ConfigurationNames;
  readonly engine: EngineName;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** As `127.0.0.1:53535`. */
  readonly dnsServer: string;
  readonly ledger?: LedgerOptions;
}

/** What the application tells of itself. */
export interface ApplicationStatus extends ApplicationSettings {
  /** Where it is connected, or was last. */
  readonly databaseHost: string | null;
  /** Orders committed since it moved to this host. */
  readonly writes: number;
  readonly lastCommittedAt: string | null;
  readonly lastError: string | null;
  readonly databases: readonly DatabaseWrites[];
  readonly moves: readonly Move[];
  readonly downtimes: readonly Downtime[];
  /** Absent without a second cluster. */
  readonly ledger?: LedgerStatus;
}

export const DEFAULT_SETTINGS: ApplicationSettings = {
  configuredBy: 'ssm-parameter',
  cacheMs: 1000,
  maxConnectionMs: 5000,
};
