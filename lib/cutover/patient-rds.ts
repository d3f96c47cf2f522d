import { RDSClient } from '@aws-sdk/client-rds';

const ATTEMPTS = 10;

/** For what must not be given up half-way because others keep RDS's API busy: by default the SDK tries three times. */
export function patientRds(region: string): RDSClient {
  return new RDSClient({ region, maxAttempts: ATTEMPTS });
}
