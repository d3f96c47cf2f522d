import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { chown } from 'node:fs/promises';

/** uid and gid of nobody on Debian: engines refuse root, and need no more than their own files. */
const NOBODY = 65534;

/**
 * With one of these a process of another user still reaches files below a folder that only root may
 * enter (a clone in root's mktemp -d). The first is all that it takes; containers often hold only the second.
 */
const REACHING_CAPABILITIES = ['dac_read_search', 'dac_override'];

/** Ends the program at once if its parent died before the kernel was asked to watch the parent. */
const UNLESS_ORPHANED = 'test "$PPID" = "$0" && exec "$@"';

export interface EngineProcessOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
  readonly stdio: StdioOptions;
  /** What the kernel sends to the program when its parent dies; KILL unless given. */
  readonly deathSignal?: 'KILL' | 'QUIT';
}

/**
 * The user that engines run as: the caller, or nobody where the caller is root. Every process
 * started here is ended by the kernel as soon as the calling process is gone, however that ends.
 */
export class EngineUser {
  private constructor(
    readonly uid: number,
    private readonly prefix: readonly string[],
  ) {}

  /** @throws Error where no way is found for that user to reach `directory`, below which all the engine's files lie */
  static async for(directory: string): Promise<EngineUser> {
    const uid = process.getuid?.() ?? NOBODY;
    if (uid !== 0) return new EngineUser(uid, ['setpriv']);
    let cause: unknown;
    for (const capability of [undefined, ...REACHING_CAPABILITIES]) {
      const user = new EngineUser(NOBODY, setprivToNobody(capability));
      try {
        await user.run('test', ['-r', directory], { environment: {}, directory: '/' });
        return user;
      } catch (error) {
        cause = error;
      }
    }
    throw new Error(
      `the database engine must not run as root, and uid ${NOBODY} cannot read ${directory}: ` +
        'run as an ordinary user, or from a folder that other users may enter',
      { cause },
    );
  }

  /** Gives a path that the caller made to this user. */
  async own(target: string): Promise<void> {
    if (process.getuid?.() === 0) await chown(target, this.uid, this.uid);
  }

  /** Copies a folder of this user's; `target` must not be there. */
  async copy(source: string, target: string): Promise<void> {
    await this.run('cp', ['--archive', '--no-target-directory', source, target], {
      environment: {},
      directory: '/',
    });
  }

  /** Must be called on the main thread: the kernel watches the thread that starts the program. */
  start(program: string, args: readonly string[], options: EngineProcessOptions): ChildProcess {
    const [setpriv = '', ...rest] = this.prefix;
    const deathSignal = `--pdeathsig=${options.deathSignal ?? 'KILL'}`;
    return spawn(
      setpriv,
      [...rest, deathSignal, 'sh', '-c', UNLESS_ORPHANED, String(process.pid), program, ...args],
      {
        cwd: options.directory,
        env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC', ...options.environment },
        stdio: options.stdio,
        // a group of its own: an interrupt from the terminal is for the sandbox, which then ends its engines
        detached: true,
      },
    );
  }

  /**
   * Runs a program to its end with `input` as its standard input.
   * @returns its standard output
   * @throws Error with the end of its standard error where it cannot start or does not exit with 0
   */
  async run(
    program: string,
    args: readonly string[],
    options: Omit<EngineProcessOptions, 'stdio'> & { readonly input?: string },
  ): Promise<string> {
    const child = this.start(program, args, { ...options, stdio: 'pipe' });
    child.stdin?.on('error', () => undefined); // a program that ends early says why by its exit code
    child.stdin?.end(options.input ?? '');
    const output = collect(child.stdout);
    await exitOf(child, program);
    return output();
  }
}

/**
 * Waits until a program has ended and its output is read.
 * @returns its standard error, where that is a pipe
 * @throws Error with the end of its standard error, where that is a pipe, if it did not exit with 0
 */
export async function exitOf(child: ChildProcess, program: string): Promise<string> {
  const errors = collect(child.stderr);
  return new Promise<string>((resolve, reject) => {
    child.once('error', (error) => {
      reject(new Error(`cannot start ${program}: ${error.message}`, { cause: error }));
    });
    child.once('close', (code, signal) => {
      if (code === 0) resolve(errors());
      else reject(new Error(`${program} ended with ${signal ?? code}: ${errors().trim().slice(-2000)}`));
    });
  });
}

function collect(stream: ChildProcess['stdout']): () => string {
  const chunks: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}

function setprivToNobody(capability: string | undefined): string[] {
  return [
    'setpriv',
    `--reuid=${NOBODY}`,
    `--regid=${NOBODY}`,
    '--clear-groups',
    ...(capability === undefined
      ? []
      : [
          `--inh-caps=-all,+${capability}`,
          `--ambient-caps=-all,+${capability}`,
          // else access(2) leaves the capability out of account, and MariaDB takes its own files for missing
          '--securebits=+no_setuid_fixup',
        ]),
  ];
}
