import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { libraryFolders, provisionEngine } from '../../sandbox/engines/provision';

interface Installation {
  readonly executablePath: string;
  readonly env: NodeJS.ProcessEnv;
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
/** Kept between runs like the database engines: it is 100 MB. */
const DIRECTORY = path.resolve('.sandbox/browsers');

/** A browser without a window: the machine's own, or Debian's, unpacked into this project's folder. */
export async function launchChromium(): Promise<Browser> {
  mkdirSync(DIRECTORY, { recursive: true });
  const { executablePath, env } = await provisionEngine<Installation>(
    {
      name: 'Chromium',
      packages: ['chromium', 'chromium-common', 'fonts-liberation'],
      findInstalled: () => Promise.resolve(installed()),
      findUnpacked: unpacked,
      prune: () => Promise.resolve(),
    },
    DIRECTORY,
    () => undefined,
  );
  return chromium.launch({ executablePath, env: strings(env), args: ['--no-sandbox', '--disable-gpu'] });
}

function installed(): Installation | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const files = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  const executablePath = files.find((file) => existsSync(file));
  return executablePath === undefined ? undefined : { executablePath, env: process.env };
}

async function unpacked(root: string): Promise<Installation | undefined> {
  const executablePath = path.join(root, 'usr/lib/chromium/chromium');
  if (!existsSync(executablePath)) return undefined;
  const libraries = (await libraryFolders(root)).join(path.delimiter);
  return { executablePath, env: { ...process.env, LD_LIBRARY_PATH: libraries } };
}

function strings(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
