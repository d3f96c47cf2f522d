import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readArtefact } from '../../../lib/artefact-files';
import { DrillRunner, StepFailed } from '../../../lib/drill/drill-runner';
import { valueOf } from '../../../lib/errors';
import { makeOutput } from '../../../lib/output';

const before = process.cwd();
let directory: string;
let words: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'drill-runner-'));
  process.chdir(directory);
  words = '';
});

afterEach(() => {
  process.chdir(before);
  rmSync(directory, { recursive: true });
});

function runner(signal = new AbortController().signal): DrillRunner {
  const stderr = { write: (text: string): void => void (words += text) };
  return new DrillRunner(
    'spring',
    2,
    makeOutput(stderr, stderr, () => 0),
    signal,
  );
}

const steps = (): string[] =>
  valueOf(readArtefact('spring', 'timeline')).value.steps.map(
    ({ name, phase, result }) => `${name} ${phase} ${result}`,
  );

describe('a drill', () => {
  it('shows a result, keeps the log, and writes each step into the timeline', async () => {
    const drill = runner();
    await drill.command('greet', 'recovery', 'echo good morning', process.env, 'result');
    await drill.step('think', 'tear-down', 'for a moment', () => Promise.resolve());
    expect(words).toMatch(/^\n 1\/2 {2}greet: echo good morning\n… greet\n {6}good morning\n {6}done in /);
    expect(readFileSync('drills/spring/logs/01-greet.log', 'utf8')).toBe(
      '$ echo good morning\ngood morning\n',
    );
    expect(steps()).toEqual(['greet recovery passed', 'think tear-down passed']);
  });

  it('stops at a failed command and says step, command, cause and log', async () => {
    const failed = runner().command('look', 'recovery', 'ls /no/such/place', process.env);
    await expect(failed).rejects.toBeInstanceOf(StepFailed);
    await expect(failed).rejects.toMatchObject({
      step: 'look',
      command: 'ls /no/such/place',
      causeLines: ['exit code 2', expect.stringContaining('/no/such/place')],
      logFile: path.join(process.cwd(), 'drills/spring/logs/01-look.log'),
    });
    expect(steps()).toEqual(['look recovery failed']);
  });

  it('names the cause of a step that is no command', async () => {
    const failed = runner().step('wait', 'recovery', 'for nothing', () =>
      Promise.reject(new Error('it never came')),
    );
    await expect(failed).rejects.toMatchObject({ causeLines: ['it never came'], logFile: undefined });
    expect(steps()).toEqual(['wait recovery failed']);
  });

  it('that is interrupted says so in its timeline, and begins no further step', async () => {
    const stop = new AbortController();
    const drill = runner(stop.signal);
    const step = drill.step('wait', 'recovery', 'for long', () => {
      stop.abort(new Error('interrupted by SIGINT'));
      return Promise.reject(new Error('aborted'));
    });
    await expect(step).rejects.toThrow('aborted');
    await expect(drill.step('next', 'recovery', '', () => Promise.resolve())).rejects.toThrow(
      'interrupted by SIGINT',
    );
    expect(steps()).toEqual(['wait recovery interrupted']);
  });

  it('keeps what was observed', () => {
    const drill = runner();
    drill.observe('the application writes to 127.0.0.2');
    expect(valueOf(readArtefact('spring', 'timeline')).value.observations).toMatchObject([
      { text: 'the application writes to 127.0.0.2' },
    ]);
  });
});
