import { randomBytes } from 'node:crypto';

/** How the sandbox behaves; every one is described in SPEC.md and has a flag of `npm run sandbox`. */
export interface Settings {
  /** Port of the endpoints on 127.0.0.1; 0 takes any that is free. */
  readonly port: number;
  readonly accountId: string;
  readonly region: string;
  /** Master user of every source cluster, and of what is restored from one. */
  readonly masterUsername: string;
  readonly masterPassword: string;
  /** From a create or restore call until the cluster or instance is available, at the least. */
  readonly createDelayMs: number;
  readonly modifyDelayMs: number;
  readonly deleteDelayMs: number;
  /** How far LatestRestorableTime stays behind what the engine could restore; about five minutes at AWS. */
  readonly restorableLagMs: number;
  /** From the writing of an audit line to its record time in CloudWatch Logs, before jitter. */
  readonly logDelayMs: number;
  readonly logJitterMs: number;
  /** From record time to the time from which queries find the record. */
  readonly logIngestionDelayMs: number;
  /** How long a Logs Insights query runs, at the least. */
  readonly queryDurationMs: number;
  /** From a change of a DNS record until name servers answer it. */
  readonly dnsPropagationMs: number;
  /** How long a minute of an AppConfig deployment strategy takes. */
  readonly deploymentMinuteMs: number;
  /** Makes the delays and the order of log delivery repeatable. */
  readonly seed: number;
}

export function defaultSettings(): Settings {
  return {
    port: 0,
    accountId: '000000000000',
    // not us-east-1: there the AWS CLI 1 sends rds calls to rds.amazonaws.com, whatever AWS_ENDPOINT_URL says
    region: 'us-east-2',
    masterUsername: 'admin',
    masterPassword: randomBytes(12).toString('base64url'),
    createDelayMs: 3000,
    modifyDelayMs: 2000,
    deleteDelayMs: 2000,
    restorableLagMs: 5000,
    logDelayMs: 4000,
    logJitterMs: 3000,
    logIngestionDelayMs: 500,
    queryDurationMs: 800,
    dnsPropagationMs: 2000,
    deploymentMinuteMs: 300,
    seed: 1,
  };
}
