import type { RestorePlan } from '../../lib/artefacts/restore-plan';
import { describeFence } from '../../lib/cutover/fence';
import { DrillDatabases } from '../repoint/databases';
import { fenceTools, liftFences, readFence } from '../repoint/fence';
import type { UndoStep } from './undo-step';

/** Comes first: the application could not get back onto a cluster that is fenced. */
export function liftFenceStep(drill: string, plan: RestorePlan): UndoStep | undefined {
  const fence = readFence(drill);
  if (fence === undefined || fence.state === 'lifted') return undefined;
  return {
    text: ['Lift the fence:', ...fence.clusters.map((cluster) => `  undone: ${describeFence(cluster)}`)].join(
      '\n',
    ),
    execute: async () => {
      const databases = new DrillDatabases(plan, process.env);
      try {
        await liftFences(fence, fenceTools(plan, databases));
      } finally {
        await databases.close();
      }
    },
  };
}
