import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Keeps a stream in a temporary file until the process ends, since a log is read once for each question. */
export async function spoolOf(stream: Readable, signal: AbortSignal): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'resolve-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const file = path.join(folder, 'stdin.log');
  await pipeline(stream, createWriteStream(file, { mode: 0o600 }), { signal });
  return file;
}
