import type { Refusal } from './errors';

/**
 * Where a script's words go: results on stdout, everything else on stderr, so that `--json` leaves
 * nothing on stdout but one JSON document.
 */
export interface Output {
  /** A line for the person at the terminal. */
  say(line: string): void;
  /** The result, as text or JSON. */
  result(text: string): void;
  /** Announces something that takes time; repeats itself every ten seconds until ended. */
  task(what: string): Task;
  refusal(refusal: Refusal): void;
}

export interface Task {
  update(what: string): void;
  /** Ends the task with a closing line. */
  done(what: string): void;
  /** Ends the task without a line of its own. */
  stop(): void;
}

interface TextSink {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const REPEAT_EVERY_MS = 10_000;

export function makeOutput(stdout: TextSink, stderr: TextSink, now: () => number): Output {
  const say = (line: string): void => void stderr.write(`${line}\n`);
  return {
    say,
    result: (text) => void stdout.write(text.endsWith('\n') ? text : `${text}\n`),
    refusal: ({ message, hint }) => {
      say(`refused: ${message}`);
      say(`  next: ${hint}`);
    },
    task: (first) => {
      const startedAt = now();
      const elapsed = (): string => `${Math.round((now() - startedAt) / 1000)} s`;
      let what = first;
      const live = stderr.isTTY === true;
      const show = (): void =>
        void stderr.write(live ? `\r\u001b[2K… ${what} (${elapsed()})` : `… ${what} (${elapsed()})\n`);
      if (live) show();
      else say(`… ${what}`);
      const timer = setInterval(show, live ? 1000 : REPEAT_EVERY_MS);
      const stop = (): void => {
        clearInterval(timer);
        if (live) stderr.write('\r\u001b[2K');
      };
      return {
        update: (text) => {
          what = text;
        },
        stop,
        done: (text) => {
          stop();
          say(`${text} (${elapsed()})`);
        },
      };
    },
  };
}
