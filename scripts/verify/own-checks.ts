import { readFileSync } from 'node:fs';
import path from 'node:path';
import { sha256Of } from '../../lib/artefacts/artefact';
import type { RestorePlan } from '../../lib/artefacts/restore-plan';
import { messageOf, RefusalError, valueOf } from '../../lib/errors';
import type { SqlFlavour } from '../../lib/incident/sql-tokens';
import { SETTINGS_PARITY } from '../../lib/verify/checks/settings-parity';
import {
  DEFAULT_CHECKS_FILE,
  parseOwnChecks,
  type OwnCheck,
} from '../../lib/verify/own-checks/own-checks-file';
import { CHECKS } from '../../lib/verify/run-checks';

/** The team's own checks out of the file named, or the default one where it exists. */
export function readOwnChecks(
  named: string | undefined,
  { clusters }: Pick<RestorePlan, 'clusters'>,
): { readonly file: string; readonly sha256: string; readonly checks: OwnCheck[] } | undefined {
  const file = named ?? DEFAULT_CHECKS_FILE;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (named === undefined && error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return undefined;
    throw new RefusalError({
      reason: 'no-checks-file',
      message: `cannot read '${file}': ${messageOf(error)}`,
      hint: 'name a YAML file with your own checks, or leave --checks out',
    });
  }
  const flavourOf = (cluster: string | undefined): SqlFlavour => {
    const named = clusters.find(({ source }) => source.clusterIdentifier === cluster) ?? clusters[0];
    return named.source.engine === 'aurora-postgresql' ? 'postgresql' : 'mysql';
  };
  const taken = [...CHECKS.map(({ name }) => name), SETTINGS_PARITY];
  return {
    file: path.relative('.', file),
    sha256: sha256Of(text),
    checks: valueOf(parseOwnChecks(file, text, taken, flavourOf)),
  };
}
