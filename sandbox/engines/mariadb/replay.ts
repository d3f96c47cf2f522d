import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { exitOf } from '../engine-user';
import { binlogFileName } from './log-tail';
import { adminClient, startServer, type ServerSetup } from './server';

/** A part of a cluster's binary log: from the beginning of a file up to a position, in the same or a later file. */
export interface BinlogRange {
  readonly directory: string;
  readonly firstFile: number;
  readonly lastFile: number;
  readonly stopPosition: number;
}

const INCOMPLETE = /^(ERROR|WARNING: Did not reach stop position)/m;

/**
 * Applies a part of another cluster's binary log to the storage in `setup`. The server that does so
 * is reachable by its socket alone, writes no log of its own, and is shut down again.
 * @throws Error where a statement or either program fails: the storage is then of no use
 */
export async function replayBinlog(
  setup: ServerSetup,
  range: BinlogRange,
  adminPassword: string,
): Promise<void> {
  const server = await startServer(setup, [
    '--skip-networking',
    '--skip-log-bin',
    '--max-allowed-packet=1G',
    '--innodb-flush-log-at-trx-commit=0',
    '--innodb-buffer-pool-size=64M',
  ]);
  try {
    await pump(setup, range, adminPassword);
  } catch (error) {
    await server.kill();
    throw error;
  }
  await server.stop();
}

async function pump(setup: ServerSetup, range: BinlogRange, adminPassword: string): Promise<void> {
  const { programs, environment } = setup.installation;
  const files = Array.from({ length: range.lastFile - range.firstFile + 1 }, (_, i) =>
    path.join(range.directory, binlogFileName(range.firstFile + i)),
  );
  const reader = setup.user.start(
    programs.binlog,
    ['--no-defaults', '--verify-binlog-checksum', `--stop-position=${range.stopPosition}`, ...files],
    { environment, directory: setup.directory, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const admin = adminClient(setup, adminPassword);
  const client = setup.user.start(
    programs.client,
    [...admin.args, '--binary-mode', '--max-allowed-packet=1G'],
    { ...admin, stdio: ['pipe', 'ignore', 'pipe'] },
  );
  const read = exitOf(reader, programs.binlog).then((complaints) => {
    // it ends with 0 for a log that it could not read to the stop position
    if (INCOMPLETE.test(complaints))
      throw new Error(`the binary log is damaged: ${complaints.trim().slice(-2000)}`);
  });
  const applied = exitOf(client, programs.client);
  if (reader.stdout === null || client.stdin === null) throw new Error('the replay has no pipes');
  const outcomes = await Promise.allSettled([applied, read, pipeline(reader.stdout, client.stdin)]);
  // the first to fail is the cause; the others then fail of a broken pipe
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') throw outcome.reason;
  }
}
