import { makeOutput } from '../../lib/output';

function terminal(isTTY: boolean): { isTTY: boolean; text: string; write: (text: string) => void } {
  const sink = { isTTY, text: '', write: (text: string): void => void (sink.text += text) };
  return sink;
}

describe('output', () => {
  let ms = 0;
  beforeEach(() => {
    ms = 0;
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const pass = (by: number): void => {
    ms += by;
    jest.advanceTimersByTime(by);
  };

  it('puts results on stdout and words on stderr', () => {
    const [stdout, stderr] = [terminal(false), terminal(false)];
    const output = makeOutput(stdout, stderr, () => ms);
    output.result('{"a":1}');
    output.say('hello');
    output.refusal({ reason: 'x', message: 'the port 0 is taken', hint: 'choose another' });
    expect(stdout.text).toBe('{"a":1}\n');
    expect(stderr.text).toBe('hello\nrefused: the port 0 is taken\n  next: choose another\n');
  });

  it('repeats a long task every ten seconds where lines are kept', () => {
    const stderr = terminal(false);
    const task = makeOutput(terminal(false), stderr, () => ms).task('waiting for the cluster');
    pass(10_000);
    task.update('waiting for the instance');
    pass(10_000);
    task.done('the cluster is available');
    pass(60_000);
    expect(stderr.text).toBe(
      '… waiting for the cluster\n… waiting for the cluster (10 s)\n… waiting for the instance (20 s)\nthe cluster is available (20 s)\n',
    );
  });

  it('rewrites one line on a terminal and leaves none behind', () => {
    const stderr = terminal(true);
    const task = makeOutput(terminal(false), stderr, () => ms).task('waiting');
    pass(1000);
    pass(1000);
    task.stop();
    expect(stderr.text.split('\r').map((part) => part.replace('\u001b[2K', ''))).toEqual([
      '',
      '… waiting (0 s)',
      '… waiting (1 s)',
      '… waiting (2 s)',
      '',
    ]);
  });
});
