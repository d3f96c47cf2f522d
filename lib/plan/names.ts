import { createHash } from 'node:crypto';
import { accept, refuse, type Outcome, type Refusal } from '../errors';
import type { TakenNames } from './source-cluster';

export interface RestoredNames {
  readonly cluster: string;
  /** One for each restored instance, in the order of the plan. */
  readonly instances: readonly string[];
}

export type NameRefusal = Refusal<'invalid-name' | 'name-taken'>;

/** RDS: 1 to 63 letters, digits and hyphens, a letter first, no hyphen last, no two in a row; it keeps them in lower case. */
const MAX_LENGTH = 63;
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
): Outcome<RestoredNames, NameRefusal> {
  const room = MAX_LENGTH - `-${instances}`.length;
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
      hint: `if drill '${drill}' was restored before, destroy that first ('npx cdktf destroy restore') or begin another drill; otherwise choose a name with --cluster-identifier`,
    });
  }
  return accept(names);
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
