import type { RepointPlan } from '../../lib/artefacts/repoint-plan';
import type { RestorePlan } from '../../lib/artefacts/restore-plan';
import { checkSeesSessions, fetchApplicationSessions } from '../../lib/cutover/connections';
import type { Sighting } from '../../lib/cutover/judge-arrival';
import { valueOf } from '../../lib/errors';
import type { Database } from '../../lib/verify/database';
import { DrillDatabases } from './databases';
import { readFence } from './fence';

type Direction = RepointPlan['direction'];

/** Sessions on the clusters that the application leaves, and on those that it is to reach. */
export class Sides {
  private constructor(
    private readonly databases: DrillDatabases,
    /** On each instance of each cluster, the writer's first; undefined where a fence lets nobody in. */
    private readonly leftInstances: readonly (readonly Database[])[] | undefined,
    private readonly reachedInstances: readonly (readonly Database[])[],
  ) {}

  /** A session on each cluster, for its data; undefined where a fence lets nobody in. */
  get left(): readonly Database[] | undefined {
    return this.leftInstances?.flatMap(([writer]) => writer ?? []);
  }

  get reached(): readonly Database[] {
    return this.reachedInstances.flatMap(([writer]) => writer ?? []);
  }

  static async open(
    drill: string,
    plan: RestorePlan,
    direction: Direction,
    env: NodeJS.ProcessEnv,
  ): Promise<Sides> {
    const databases = new DrillDatabases(plan, env);
    const sources = plan.clusters.flatMap(({ source }) => (source.deleted ? [] : [source.clusterIdentifier]));
    try {
      const restored = await databases.restoredInstances();
      const fenced = isFenced(drill);
      const source = fenced
        ? undefined
        : await Promise.all(sources.map((name) => databases.sourceInstances(name)));
      for (const database of [...restored, ...(source ?? [])].flat())
        valueOf(await checkSeesSessions(database));
      return direction === 'forward'
        ? new Sides(databases, source, restored)
        : new Sides(databases, restored, source ?? []);
    } catch (error) {
      await databases.close();
      throw error;
    }
  }

  async sessions(): Promise<Pick<Sighting, 'left' | 'reached'>> {
    const all = async (on: readonly (readonly Database[])[]): Promise<Sighting['reached']> =>
      (await Promise.all(on.flat().map(fetchApplicationSessions))).flat();
    const left = this.leftInstances === undefined ? null : await all(this.leftInstances);
    return { left, reached: await all(this.reachedInstances) };
  }

  close(): Promise<void> {
    return this.databases.close();
  }
}

/** Behind a security group that lets nobody in, neither the application nor this step gets in. */
function isFenced(drill: string): boolean {
  const fence = readFence(drill);
  return fence?.state === 'set' && fence.clusters.some(({ by }) => by === 'security-group');
}
