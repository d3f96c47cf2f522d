import { execFile } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A libc of another version than the system's loader crashes every program that loads it. */
const SYSTEM_LIBRARIES = ['libc6', 'libc-bin'];

/**
 * Fetches packages of the system's own Debian release, with the shared libraries that they need and
 * the system lacks, and unpacks them into `<directory>/root`: as any user, without installing
 * anything and without touching the system's package lists, which may be old or missing.
 * @returns the version of each package asked for, in their order, without epoch and Debian revision
 * @throws Error where a package does not arrive
 */
export async function unpackDebianPackages(
  packages: readonly string[],
  directory: string,
  onProgress: (message: string) => void,
): Promise<string[]> {
  const apt = await privateApt(directory);
  onProgress('reading the lists of Debian packages');
  // other sources of this machine may fail to answer: whether the packages arrive is what counts
  const complaints = [await complaintOf(apt(['update']))];

  const libraries = await missingLibraries(apt, packages);
  const names = [...packages, ...libraries.filter((name) => !packages.includes(name))];
  onProgress(`fetching ${names.join(', ')}`);
  const downloads = path.join(directory, 'downloads');
  await mkdir(downloads);
  complaints.push(await complaintOf(apt(['download', ...names], downloads)));
  const files = await readdir(downloads);
  const fileOf = (name: string): string => {
    const file = files.find((each) => each.startsWith(`${name}_`));
    if (file !== undefined) return file;
    throw new Error(
      `Debian's package ${name} did not arrive (${[...new Set(complaints)].filter((each) => each !== '').join('; ')})`,
    );
  };

  onProgress('unpacking');
  const root = path.join(directory, 'root');
  for (const name of names) await run('dpkg-deb', ['--extract', path.join(downloads, fileOf(name)), root]);
  await Promise.all(
    ['apt', 'downloads'].map((each) => rm(path.join(directory, each), { recursive: true, force: true })),
  );
  return packages.map((name) => versionIn(fileOf(name)));
}

type Apt = (args: readonly string[], cwd?: string) => Promise<string>;

async function privateApt(directory: string): Promise<Apt> {
  const own = path.join(directory, 'apt');
  await mkdir(path.join(own, 'state/lists/partial'), { recursive: true });
  await mkdir(path.join(own, 'cache/archives/partial'), { recursive: true });
  const settings = {
    'Dir::State': `${own}/state`,
    'Dir::State::status': '/var/lib/dpkg/status',
    'Dir::Cache': `${own}/cache`,
    'Dir::Cache::pkgcache': '',
    'APT::Sandbox::User': 'root',
    'APT::Update::Error-Mode': 'any',
    'APT::Update::Post-Invoke-Success': '',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '2',
    'Debug::NoLocking': 'true',
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  return async (args, cwd = directory) => {
    // apt is not to outlive this process
    const result = await run('setpriv', ['--pdeathsig=KILL', 'apt-get', ...options, '-qq', ...args], {
      cwd,
      env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
      maxBuffer: 64 * 1024 * 1024,
    });
    return result.stdout;
  };
}

/** The last line of what a program complained about; empty where it did not fail. */
async function complaintOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return '';
  } catch (error) {
    const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    return text.trim().split('\n').at(-1) ?? '';
  }
}

/** What apt would install along with the packages, where the system's packages are in a state to say so. */
async function missingLibraries(apt: Apt, packages: readonly string[]): Promise<string[]> {
  const plan = await apt(['install', '--print-uris', '--yes', '--no-install-recommends', ...packages]).catch(
    () => '',
  );
  return plan
    .split('\n')
    .map((line) => / (?<name>lib[^ _]*)_[^ ]*[.]deb /.exec(line)?.groups?.['name'] ?? '')
    .filter((name) => name !== '' && !name.endsWith('-perl') && !SYSTEM_LIBRARIES.includes(name));
}

/** `mariadb-server_1%3a10.11.11-0+deb12u1_amd64.deb` → `10.11.11`. */
function versionIn(file: string): string {
  const version = file.split('_')[1] ?? '';
  return decodeURIComponent(version)
    .replace(/^\d+:/, '')
    .replace(/[-+~].*$/, '');
}
