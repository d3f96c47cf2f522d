import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { EngineUser } from './engine-user';

/** A cluster's folder: `data` is the server's, `logs` hold binary and audit logs, `bases` the base backups. */
export interface Storage {
  readonly user: EngineUser;
  readonly directory: string;
}

export const dataDirectory = ({ directory }: Storage): string => path.join(directory, 'data');
export const logsDirectory = ({ directory }: Storage): string => path.join(directory, 'logs');
export const temporaryDirectory = ({ directory }: Storage): string => path.join(directory, 'tmp');
export const basesDirectory = ({ directory }: Storage): string => path.join(directory, 'bases');

/** Makes the cluster's folder and all in it but `data`. @throws Error where it is there already */
export async function makeStorageFolders(storage: Storage): Promise<void> {
  await mkdir(path.dirname(storage.directory), { recursive: true });
  const folders = [logsDirectory(storage), temporaryDirectory(storage), basesDirectory(storage)];
  for (const folder of [storage.directory, ...folders]) {
    await mkdir(folder);
    await storage.user.own(folder);
  }
}
