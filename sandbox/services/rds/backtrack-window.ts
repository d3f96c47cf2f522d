import type { Cluster } from './model';
import { restorableWindow, type RestorableWindow } from './restorable-window';

/** To which instants a cluster can be rewound; undefined where backtrack is off. */
export function backtrackWindow(cluster: Cluster): RestorableWindow | undefined {
  const { backtrackWindowSeconds: seconds } = cluster.settings;
  const window = restorableWindow(cluster, 0);
  if (seconds === 0 || window === undefined) return undefined;
  const earliest = new Date(Math.max(window.earliest.getTime(), Date.now() - seconds * 1000));
  return { earliest, latest: window.latest };
}
