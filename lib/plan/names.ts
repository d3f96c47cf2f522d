import { createHash } from 'node:crypto';
import { accept, refuse, type Outcome, type Refusal } from '../errors';
import { destroyCommands } from '../terraform/commands';
import type { TakenNames } from './source-cluster';

export interface RestoredNames {
  readonly cluster: string;
  /** One for each restored instance, in the order of the plan. */
  readonly instances: readonly string[];
}

/** What an apply would make. */
export interface CreatedNames {
  readonly clusters: readonly string[];
  readonly instances: readonly string[];
}

export type NameRefusal = Refusal<'invalid-name' | 'name-taken'>;

/** RDS: 1 to 63 letters, digits and hyphens, a letter first, no hyphen last, no two in a row; it keeps them in lower case. */
const MAX_LENGTH = 63;
/** What the name of a final snapshot has behind the cluster's; it has the same rules. */
export const FINAL_SNAPSHOT = '-final';
const IDENTIFIER = /^[a-z](?:-?[a-z0-9])*$/;

/**
 * Names the restored cluster `<source>-<drill>` and its instances `<cluster>-1` onwards, so that
 * whoever meets one in the account can trace it; `chosen` overrides the cluster's name. A name that
 * is taken is refused and not numbered: it usually means that this drill was restored already.
 */
export function planNames(
  source: string,
  drill: string,
  instances: number,
  taken: TakenNames,
  chosen: string | undefined,
  finalSnapshot = false,
): Outcome<RestoredNames, NameRefusal> {
  const room = MAX_LENGTH - Math.max(`-${instances}`.length, finalSnapshot ? FINAL_SNAPSHOT.length : 0);
  const cluster = chosen?.toLowerCase() ?? traceableName(source, drill, room);
  if (cluster.length > room || !IDENTIFIER.test(cluster)) {
    return refuse({
      reason: 'invalid-name',
      message: `'${cluster}' cannot name a DB cluster and its instances`,
      hint: `use at most ${room} letters, digits and single hyphens, a letter first and no hyphen last`,
    });
  }
  const names = {
    cluster,
    instances: Array.from({ length: instances }, (_, i) => `${cluster}-${i + 1}`),
  };
  const clash = taken.clusters.has(cluster)
    ? `DB cluster '${cluster}'`
    : names.instances.filter((name) => taken.instances.has(name)).map((name) => `DB instance '${name}'`)[0];
  if (clash !== undefined) {
    return refuse({
      reason: 'name-taken',
      message: `${clash} exists already in this account and region`,
      hint: `if drill '${drill}' was restored before, destroy that first (${destroyCommands(drill)}) or begin another drill; otherwise choose a name with --cluster-identifier`,
    });
  }
  return accept(names);
}

/**
 * Whether nobody has taken a name since the plan was made: one found taken halfway through an apply
 * would leave the clusters before it restored, and the rest not.
 */
export function checkNamesFree(
  drill: string,
  created: CreatedNames,
  taken: TakenNames,
): Outcome<undefined, Refusal<'name-taken'>> {
  const clashes = [
    ...created.clusters.filter((name) => taken.clusters.has(name)).map((name) => `DB cluster '${name}'`),
    ...created.instances.filter((name) => taken.instances.has(name)).map((name) => `DB instance '${name}'`),
  ];
  if (clashes.length === 0) return accept(undefined);
  return refuse({
    reason: 'name-taken',
    message: `${clashes.join(', ')}: made by someone since the restore plan of drill '${drill}', and not in its Terraform state`,
    hint: `delete or rename it where it is nobody's, or plan again: npm run plan -- --drill ${drill} --cluster-identifier NAME`,
  });
}

/** Cuts a long source name and puts a hash of the whole in its place, so that two long sources stay apart. */
function traceableName(source: string, drill: string, room: number): string {
  const tail = drill.replace(/-{2,}/g, '-');
  const whole = `${source}-${tail}`;
  if (whole.length <= room) return whole;
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, 6);
  const head = source.slice(0, room - `-${hash}-${tail}`.length).replace(/-$/, '');
  return `${head}-${hash}-${tail}`;
}
