import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommand } from '../../lib/drill/run-command';

jest.setTimeout(20 * 60_000);

const directory = mkdtempSync(path.join(tmpdir(), 'run-command-'));
const logFile = path.join(directory, 'step.log');
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const sh = (script: string): [string, ...string[]] => ['sh', '-c', script];
const run = (
  script: string,
  signal: AbortSignal = new AbortController().signal,
  onLine: (line: string) => void = () => undefined,
): ReturnType<typeof runCommand> => runCommand(sh(script), { env: process.env, logFile, signal, onLine });

describe('runCommand', () => {
  it('gives stdout apart from stderr, and both as lines without colours', async () => {
    const lines: string[] = [];
    const result = await run(
      "echo '{\"a\":1}'; printf '\\033[31mred\\033[0m\\n\\n' >&2; exit 3",
      undefined,
      (line) => lines.push(line),
    );
    expect(result).toEqual({
      exitCode: 3,
      stdout: '{"a":1}\n',
      lastLines: expect.arrayContaining(['{"a":1}', 'red']) as string[],
    });
    expect(lines.sort()).toEqual(['red', '{"a":1}']);
  });

  it('keeps everything in the log, with the command on top', async () => {
    await run('echo one; echo two >&2');
    expect(readFileSync(logFile, 'utf8')).toMatch(/^\$ sh -c echo one; echo two >&2\n(one\ntwo|two\none)\n$/);
  });

  it('keeps only the last lines of a long output', async () => {
    const { lastLines } = await run('seq 1 1000');
    expect(lastLines).toEqual(Array.from({ length: 15 }, (_, n) => String(986 + n)));
  });

  it('interrupts the whole group and throws the reason', async () => {
    const stop = new AbortController();
    const started = run('sleep 300 & sleep 300', stop.signal);
    setTimeout(() => {
      stop.abort(new Error('interrupted by SIGINT'));
    }, 300);
    await expect(started).rejects.toThrow('interrupted by SIGINT');
  });

  it('says which program is missing', async () => {
    await expect(
      runCommand(['no-such-program'], {
        env: process.env,
        logFile,
        signal: new AbortController().signal,
        onLine: () => undefined,
      }),
    ).rejects.toThrow('no-such-program');
  });
});
