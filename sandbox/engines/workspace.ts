import { rm } from 'node:fs/promises';
import path from 'node:path';
import { createOwnedFolder, sweepFolders } from './owned-folders';

/** Where one sandbox keeps its files: the project's ignored folder, and in it a folder for this run alone. */
export interface Workspace {
  /** `<project>/.sandbox/engines`: shared by all runs of this clone, kept from one to the next. */
  readonly enginesDirectory: string;
  /** `<project>/.sandbox/runs/<owner>`: this run's clusters; gone after `close`. */
  readonly runDirectory: string;
  /** Removes the run's folder; whatever runs in it must be stopped before. */
  close(): Promise<void>;
}

/** Opens a workspace of its own for the calling process, and removes what dead processes left in this project. */
export async function openWorkspace(projectRoot: string): Promise<Workspace> {
  const sandboxDirectory = path.join(path.resolve(projectRoot), '.sandbox');
  const runs = path.join(sandboxDirectory, 'runs');
  await sweepFolders(runs);
  const runDirectory = await createOwnedFolder(runs);
  return {
    enginesDirectory: path.join(sandboxDirectory, 'engines'),
    runDirectory,
    close: () => rm(runDirectory, { recursive: true, force: true, maxRetries: 5 }),
  };
}
