import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { provisionEngine } from '../../../sandbox/engines/provision';

/** Kept between runs like the database engines. */
const DIRECTORY = path.resolve('.sandbox/tools');

/** The folder of GitHub's own `gh`: the machine's, or Debian's, unpacked into this project's folder. */
export async function provideGithubCli(): Promise<string> {
  mkdirSync(DIRECTORY, { recursive: true });
  return provisionEngine<string>(
    {
      name: 'gh',
      packages: ['gh'],
      findInstalled: () =>
        Promise.resolve((process.env['PATH'] ?? '').split(path.delimiter).find((folder) => hasGh(folder))),
      findUnpacked: (root) => {
        const folder = path.join(root, 'usr/bin');
        return Promise.resolve(hasGh(folder) ? folder : undefined);
      },
      prune: () => Promise.resolve(),
    },
    DIRECTORY,
    () => undefined,
  );
}

function hasGh(folder: string): boolean {
  return existsSync(path.join(folder, 'gh'));
}
