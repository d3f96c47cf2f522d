import { mkdtempSync, readdirSync, renameSync, rmSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createOwnedFolder, sweepFolders } from '../../../sandbox/engines/owned-folders';

describe('sweepFolders', () => {
  let parent = '';
  beforeEach(() => {
    parent = mkdtempSync(path.join(tmpdir(), 'owned-folders-'));
  });
  afterEach(() => {
    rmSync(parent, { recursive: true });
  });

  /** A folder whose name differs from a living process's own in one part. */
  async function ownedBy(change: {
    boot?: string;
    namespace?: string;
    pid?: string;
    startedAt?: string;
  }): Promise<string> {
    const folder = await createOwnedFolder(parent);
    const [boot = '', namespace = '', pid = '', startedAt = '', random = ''] = path
      .basename(folder)
      .split('.');
    const parts = { boot, namespace, pid, startedAt, ...change };
    const name = [parts.boot, parts.namespace, parts.pid, parts.startedAt, random].join('.');
    renameSync(folder, path.join(parent, name));
    writeFileSync(path.join(parent, name, 'data'), 'x');
    return name;
  }

  it.each([
    ['whose process is gone', { pid: '4194305' }],
    ['whose process id another process has now', { startedAt: '1' }],
    ['from before the machine was started', { boot: '00000000' }],
  ])('removes a folder %s', async (_what, change) => {
    await ownedBy(change);
    await sweepFolders(parent);
    expect(readdirSync(parent)).toEqual([]);
  });

  it.each([
    ['whose process lives', {}],
    ['of another container, whose processes cannot be seen', { namespace: '1', pid: '4194305' }],
  ])('leaves a folder %s', async (_what, change) => {
    const name = await ownedBy(change);
    await sweepFolders(parent);
    expect(readdirSync(parent)).toEqual([name]);
  });

  it('leaves what is not its own, and other prefixes', async () => {
    mkdirSync(path.join(parent, 'mariadb-10.11.19'));
    const name = await ownedBy({ pid: '4194305' });
    await sweepFolders(parent, 'unfinished-');
    expect(readdirSync(parent).sort()).toEqual([name, 'mariadb-10.11.19'].sort());
  });

  it('is content with a parent that is not there', async () => {
    await expect(sweepFolders(path.join(parent, 'nothing'))).resolves.toBeUndefined();
  });
});
