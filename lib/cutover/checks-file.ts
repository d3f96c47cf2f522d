import { existsSync, readFileSync } from 'node:fs';
import { sha256Of } from '../artefacts/artefact';
import type { Verification } from '../artefacts/verification';
import { DEFAULT_CHECKS_FILE } from '../verify/own-checks/own-checks-file';

export interface ChecksFile {
  readonly file: string;
  /** Undefined where there is none. */
  readonly sha256: string | undefined;
}

/** The file of the team's own checks that a verification is of, as it is now. */
export function readChecksFile({ ownChecks }: Verification): ChecksFile {
  const file = ownChecks?.file ?? DEFAULT_CHECKS_FILE;
  return { file, sha256: existsSync(file) ? sha256Of(readFileSync(file, 'utf8')) : undefined };
}
