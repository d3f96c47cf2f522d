import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { libraryFolders } from '../../../sandbox/engines/provision';

describe('the folders of shared libraries', () => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'unpacked-'));
  afterAll(() => {
    rmSync(root, { recursive: true });
  });

  test('are those of the architecture, and those that a package keeps to itself', async () => {
    for (const file of [
      'usr/lib/x86_64-linux-gnu/libpulse.so.0',
      'usr/lib/x86_64-linux-gnu/pulseaudio/libpulsecommon-16.1.so',
      'usr/lib/x86_64-linux-gnu/pkgconfig/libpulse.pc',
      'usr/lib/python3/lib-dynload/libpython.so',
    ]) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), '');
    }
    expect((await libraryFolders(root)).map((folder) => path.relative(root, folder))).toEqual([
      'usr/lib/x86_64-linux-gnu',
      'usr/lib/x86_64-linux-gnu/pulseaudio',
    ]);
  });

  test('are none where nothing was unpacked', async () => {
    expect(await libraryFolders(path.join(root, 'nothing'))).toEqual([]);
  });
});
