import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Micros } from '../database-cluster';
import { dataDirectory } from '../storage';
import { startPostgres, type ServerSetup } from './server';

/** What PostgreSQL says where nothing committed after the target: then everything in the archive is before it. */
const NOTHING_AFTER_TARGET = 'recovery ended before configured recovery target was reached';

/**
 * Replays another cluster's archived write-ahead log onto the base backup in `setup`, up to and
 * with the last transaction that committed at or before `at`, and shuts down cleanly.
 * @throws Error with the end of the server's log where it fails: the storage is then of no use
 */
export async function recover(setup: ServerSetup, archive: string, at: Micros): Promise<void> {
  const settings = {
    recovery_target_time: timeOf(at),
    recovery_target_inclusive: 'on',
    recovery_target_action: 'promote',
  };
  try {
    await replay(setup, archive, settings);
  } catch (error) {
    if (!String(error).includes(NOTHING_AFTER_TARGET)) throw error;
    await replay(setup, archive, {});
  }
}

async function replay(
  setup: ServerSetup,
  archive: string,
  target: Readonly<Record<string, string>>,
): Promise<void> {
  const signal = path.join(dataDirectory(setup), 'recovery.signal');
  await writeFile(signal, '');
  await setup.user.own(signal);
  const server = await startPostgres(
    setup,
    path.join(setup.directory, 'recovery.log'),
    {
      // a server needs a socket; this one is in a folder of its own, and no rule lets anyone in by it
      listen_addresses: '',
      unix_socket_directories: '.',
      // ready only when it is promoted
      hot_standby: 'off',
      archive_mode: 'off',
      restore_command: 'cp "$WAL_ARCHIVE/%f" "%p"',
      recovery_target_timeline: 'current',
      ...target,
    },
    { WAL_ARCHIVE: archive },
  );
  await server.stop();
}

/** As PostgreSQL reads it, to the microsecond. */
function timeOf(at: Micros): string {
  const seconds = new Date(Math.floor(at / 1_000_000) * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return `${seconds}.${String(at % 1_000_000).padStart(6, '0')}+00`;
}
